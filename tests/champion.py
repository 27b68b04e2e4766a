"""A small champion for readmission in an MLflow store of its own."""

from datetime import UTC, datetime
from typing import Any

import mlflow
import pandas as pd
from sklearn.base import BaseEstimator

from carelake.settings import Settings
from ml.estimators.classifiers import calibrated, logistic
from ml.problems import problem_of
from ml.scoring.champions import Champions
from ml.tracking.champions import CHAMPION, register
from ml.tracking.runs import log_model
from ml.tracking.store import connect, experiment
from tests.tables import contract

READMISSION = problem_of("readmission")


def stay(number: int, **given: Any) -> dict[str, Any]:
    """Return a row of features: a stay of its own patient, most of it unknown."""
    known = {
        "encounter_id": f"E{number}",
        "patient_id": f"P{number}",
        "facility_id": "F1",
        "predicted_at": datetime(2024, 3, 1, tzinfo=UTC),
        "admitted_at": datetime(2024, 2, 27, tzinfo=UTC),
        "unit": "medical",
        "admissions_12m": number % 4,
    }
    return known | given


STAYS = [stay(number) for number in range(40)]
"""Two in four of them come back: those with two or three admissions before."""


def fitted() -> tuple[BaseEstimator, pd.DataFrame]:
    """Return a model of the stays, and the rows it learned from."""
    names = contract(READMISSION.table).names
    rows = pd.DataFrame([dict.fromkeys(names) | one for one in STAYS * 10])
    taken = READMISSION.features.frame(rows)
    back = (rows["admissions_12m"] > 1).astype(float).to_numpy()
    return calibrated(logistic(READMISSION.features).fit(taken, back), taken, back), taken


def crown(settings: Settings) -> Champions:
    """Register the model twice, with the first version as champion."""
    client = connect(settings)
    where = experiment(client, settings, READMISSION.model_name)
    model, example = fitted()
    with mlflow.start_run(experiment_id=where) as run:
        uri = log_model(model, "predict_proba", example)
    for _ in range(2):
        version = register(
            client, READMISSION.model_name, uri, run.info.run_id, {"base_rate": "0.5"}, "Back?"
        )
    client.set_registered_model_alias(READMISSION.model_name, CHAMPION, "1")
    assert version == "2"
    return Champions(client, settings.lake)
