"""The model registry: versions of a model, and which of them is champion."""

from dataclasses import dataclass

import mlflow
from mlflow import MlflowClient
from mlflow.exceptions import MlflowException
from sklearn.base import BaseEstimator

from carelake.errors import CarelakeError
from ml.gates import Decision

CHAMPION, CHALLENGER = "champion", "challenger"
NO_MODEL, NO_ALIAS = "RESOURCE_DOES_NOT_EXIST", "INVALID_PARAMETER_VALUE"
"""What MLflow says where there is no model of a name, and no version under an alias."""


@dataclass(frozen=True)
class Champion:
    """A registered version of a model."""

    name: str
    version: str
    run_id: str
    tags: dict[str, str]

    @property
    def uri(self) -> str:
        """Where the model is loaded from: this version, whatever becomes champion meanwhile."""
        return f"models:/{self.name}/{self.version}"

    def load(self) -> BaseEstimator:
        """Load the model."""
        return loaded(self.uri)


def loaded(uri: str) -> BaseEstimator:
    """Load a model by its place in the registry; no pickle is read."""
    return mlflow.sklearn.load_model(uri)


def champion(client: MlflowClient, name: str) -> Champion | None:
    """Return the champion of a model; None where there is none yet.

    Raises:
        CarelakeError: the registry can't say, which must not be taken for a model without a champion.
    """
    try:
        found = client.get_model_version_by_alias(name, CHAMPION)
    except MlflowException as problem:
        if problem.error_code in {NO_MODEL, NO_ALIAS}:
            return None
        told = f"MLflow can't say which version of {name} is champion ({problem.error_code})"
        raise CarelakeError(f"{told}: see the log of its server") from problem
    return Champion(name, str(found.version), str(found.run_id), dict(found.tags))


def required(client: MlflowClient, name: str) -> Champion:
    """Return the champion of a model.

    Raises:
        CarelakeError: there is none.
    """
    found = champion(client, name)
    if found is None:
        problem = name.removeprefix("carelake-").replace("-", "_")
        raise CarelakeError(f"{name} has no champion yet: run `carelake train {problem}`")
    return found


def register(
    client: MlflowClient, name: str, model_uri: str, run_id: str, tags: dict[str, str], question: str
) -> str:
    """Register a run's model, described by the question it answers, as the challenger; return its version."""
    found = mlflow.register_model(model_uri, name, tags=tags)
    client.update_registered_model(name, description=question)
    client.set_registered_model_alias(name, CHALLENGER, found.version)
    return str(found.version)


def promote(client: MlflowClient, name: str, version: str, decision: Decision) -> None:
    """Write the decision on a version, as tags and description, and make it champion where it says so."""
    told = [decision.verdict.replace("_", " "), *decision.reasons]
    client.update_model_version(name, version, description="\n".join(f"- {one}" for one in told))
    client.set_model_version_tag(name, version, "decision", decision.verdict)
    client.set_model_version_tag(name, version, "reasons", "; ".join(decision.reasons))
    provisional = decision.verdict == "promote_provisional"
    client.set_model_version_tag(name, version, "provisional", str(provisional).lower())
    if decision.verdict != "keep_incumbent":
        client.set_registered_model_alias(name, CHAMPION, version)
        client.delete_registered_model_alias(name, CHALLENGER)
