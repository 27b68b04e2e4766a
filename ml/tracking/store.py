"""The MLflow store: a file beside the lake, or any tracking server."""

import logging
import os
from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException

from carelake.errors import CarelakeError
from carelake.settings import Settings

RETRIES = "MLFLOW_HTTP_REQUEST_MAX_RETRIES"
QUIET = ("alembic", "mlflow")
"""Loggers that tell of their own tables and of every step."""


def tracking_uri(settings: Settings) -> str:
    """Return where runs are tracked: the server that is set, else the database beside the lake."""
    return settings.mlflow_tracking_uri or f"sqlite:///{settings.mlflow / 'mlflow.db'}"


def connect(settings: Settings) -> MlflowClient:
    """Make the store the current one, creating it where it is a file, and return a client of it.

    Raises:
        CarelakeError: the server does not answer, or refuses.
    """
    for name in QUIET:
        logging.getLogger(name).setLevel(logging.WARNING)
    if not settings.mlflow_tracking_uri:
        settings.mlflow.mkdir(parents=True, exist_ok=True)
    uri = tracking_uri(settings)
    mlflow.set_tracking_uri(uri)
    if not settings.mlflow_tracking_uri:
        # MLflow leaves the address in the environment, where it would be taken for a setting.
        os.environ.pop("MLFLOW_TRACKING_URI", None)
    mlflow.set_registry_uri(uri)
    client = MlflowClient()
    if settings.mlflow_tracking_uri:
        _reach(client, settings.mlflow_tracking_uri)
    return client


def _reach(client: MlflowClient, uri: str) -> None:
    try:
        with _impatient():
            client.search_experiments(max_results=1)
    except MlflowException as problem:
        # Without what stands before the @: a user and a password.
        where = urlsplit(uri).netloc.rpartition("@")[2] or uri
        told = str(problem).strip().splitlines()[0].replace(uri.rstrip("/"), where)
        raise CarelakeError(
            f"MLflow on {where} does not answer ({told}): start it, or look at MLFLOW_TRACKING_URI"
        ) from problem


@contextmanager
def _impatient() -> Iterator[None]:
    """Try but once more; MLflow's own minutes of patience are welcome in a run, not before it."""
    kept = os.environ.get(RETRIES)
    os.environ[RETRIES] = "1"
    try:
        yield
    finally:
        os.environ.pop(RETRIES)
        if kept is not None:
            os.environ[RETRIES] = kept


def experiment(client: MlflowClient, settings: Settings, name: str) -> str:
    """Return the id of an experiment, creating it with its artifacts beside a store that is a file."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    location = None if settings.mlflow_tracking_uri else (settings.mlflow / "artifacts" / name).as_uri()
    return str(client.create_experiment(name, artifact_location=location))
