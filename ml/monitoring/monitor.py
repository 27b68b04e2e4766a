"""A champion's live features, scores and outcomes against those of its training."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import mlflow
import numpy as np
import pandas as pd
from mlflow import MlflowClient

from ml.data import Tables
from ml.evaluation.calibration import calibration
from ml.evaluation.estimates import Sample
from ml.monitoring.profile import PROFILES, SCORE, Profile, psi
from ml.problems.problem import Problem, Rows
from ml.tracking.champions import Champion, required
from ml.training.fitting import predict

FEWEST = 50
"""Rows below which a distribution tells nothing."""
CALENDAR = ("admission_month", "discharge_month", "history_days", "months_observed")
"""Features that move with the calendar, and so with every month that is added: they are not compared."""
WELL_CALIBRATED = (0.8, 1.25)
"""Observed over expected outcomes that a model may have: its interval must reach into them."""


@dataclass(frozen=True)
class Finding:
    """One figure: a stability index of a feature or the score, or observed over expected outcomes.

    `low` and `high` bound it by chance: for an index, from 0 to what chance alone makes of it on average.
    """

    model_name: str
    model_version: str
    measure: str
    subject: str
    value: float
    low: float
    high: float
    rows: int
    is_past_bound: bool
    since: datetime


def monitor(problem: Problem, tables: Tables, client: MlflowClient, bound: float) -> list[Finding]:
    """Compare what was predicted since the champion's training; nothing where there is too little of it.

    `bound` is the stability index, beyond what chance makes, past which a feature or the score has changed.

    Raises:
        CarelakeError: there is no champion, or tables are missing.
    """
    found = required(client, problem.model_name)
    since = pd.Timestamp(found.tags["data_through"]) + pd.Timedelta(days=1)
    rows = problem.load(tables)
    live = rows.where((rows.about["predicted_at"] >= since).to_numpy())
    if len(live.outcome) < FEWEST:
        return []
    score = predict(problem, found.load(), live.features)
    kept = mlflow.artifacts.load_dict(f"runs:/{found.run_id}/{PROFILES}")
    told = since.to_pydatetime().replace(tzinfo=UTC)
    moved = _drift(found, told, kept, live.features.assign(**{SCORE: score}), bound)
    return [*moved, *_calibration(problem, found, told, live, score)]


def _drift(
    found: Champion, since: datetime, kept: dict[str, Any], live: pd.DataFrame, bound: float
) -> Iterator[Finding]:
    trained = kept["features"] | {SCORE: kept[SCORE]}
    compared = {name: told for name, told in trained.items() if name not in CALENDAR}
    for name, told in compared.items():
        index, chance = psi(Profile.read(told), live[name])
        past = index - chance > bound
        yield Finding(found.name, found.version, "psi", name, index, 0.0, chance, len(live), past, since)


def _calibration(
    problem: Problem, found: Champion, since: datetime, live: Rows, score: np.ndarray
) -> Iterator[Finding]:
    """Return observed over expected of the outcomes that are known by now."""
    known = np.isfinite(live.outcome)
    events = int(live.outcome[known].sum())
    if problem.kind != "binary" or known.sum() < FEWEST or events in {0, known.sum()}:
        return
    sample = Sample(live.outcome[known], live.about["patient_id"].to_numpy()[known])
    ratio = sample.estimates({"": calibration(sample.outcome, score[known])})[""]["observed_to_expected"]
    past = ratio.is_known and not ratio.meets(*WELL_CALIBRATED)
    figures = (ratio.value, ratio.low, ratio.high, int(known.sum()), past)
    yield Finding(found.name, found.version, "observed_to_expected", "outcome", *figures, since)
