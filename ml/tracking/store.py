"""The MLflow store: a file beside the lake, or any tracking server."""

import logging
import os

import mlflow
from mlflow import MlflowClient

from carelake.settings import Settings

QUIET = ("alembic", "mlflow")
"""Loggers that tell of their own tables and of every step."""


def tracking_uri(settings: Settings) -> str:
    """Return where runs are tracked: the server that is set, else the database beside the lake."""
    return settings.mlflow_tracking_uri or f"sqlite:///{settings.mlflow / 'mlflow.db'}"


def connect(settings: Settings) -> MlflowClient:
    """Make the store the current one, creating it where it is a file, and return a client of it."""
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
    return MlflowClient()


def experiment(client: MlflowClient, settings: Settings, name: str) -> str:
    """Return the id of an experiment, creating it with its artifacts beside a store that is a file."""
    found = client.get_experiment_by_name(name)
    if found is not None:
        return str(found.experiment_id)
    location = None if settings.mlflow_tracking_uri else (settings.mlflow / "artifacts" / name).as_uri()
    return str(client.create_experiment(name, artifact_location=location))
