"""Fitting the candidates of a problem and choosing among them, never by the rows they are judged on."""

from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.base import BaseEstimator, clone
from sklearn.metrics import average_precision_score, mean_absolute_error, roc_auc_score
from sklearn.pipeline import Pipeline

from carelake.errors import CarelakeError
from ml.estimators import classifiers, regressors
from ml.estimators.segments import Segmented
from ml.evaluation.splits import Split
from ml.problems.problem import Problem, Rows

FEWEST = 30
"""Rows a part must have; with fewer nothing can be fitted, calibrated or told."""


@dataclass(frozen=True, eq=False)
class Fitted:
    """A candidate ready to predict; `base` is the pipeline whose contributions explain it."""

    name: str
    model: BaseEstimator
    base: Pipeline
    fitness: float


class Parts(NamedTuple):
    """The rows of each part of a split whose outcome is known."""

    train: Rows
    calibrate: Rows
    test: Rows

    @property
    def params(self) -> dict[str, object]:
        """What a run tells of each part: its rows and its days of prediction."""
        told = self._asdict().items()
        counts = {f"{name}_rows": len(rows.outcome) for name, rows in told}
        return counts | {f"{name}_predicted": rows.span for name, rows in told}


def parts(problem: Problem, rows: Rows, split: Split) -> Parts:
    """Return the rows for training, calibration and test whose outcome is known.

    What is anomalous is learned from all rows in training: there the outcome plays no part.

    Raises:
        CarelakeError: a part has too few rows.
    """
    known = np.isfinite(rows.outcome)
    train = split.train if problem.kind == "anomaly" else split.train & known
    found = Parts(*(rows.where(part) for part in (train, split.calibrate & known, split.test & known)))
    counts = [len(part.outcome) for part in found]
    if min(counts) < FEWEST:
        raise CarelakeError(
            f"{problem.name}: {counts[0]} rows to train, {counts[1]} to calibrate, {counts[2]} to test on; "
            f"each takes {FEWEST} at least: load more data"
        )
    return found


def fit(problem: Problem, train: Rows, calibrate: Rows) -> list[Fitted]:
    """Return all candidates fitted and calibrated, the fittest on the calibration rows first."""
    fitted = [_fit(problem, name, train, calibrate) for name in problem.candidates]
    return sorted(fitted, key=lambda one: one.fitness, reverse=True)


def _fit(problem: Problem, name: str, train: Rows, calibrate: Rows) -> Fitted:
    candidate = problem.candidates[name](problem.features)
    fitted = candidate.fit(train.features, train.outcome)
    if problem.kind == "anomaly":
        found = average_precision_score(calibrate.outcome, fitted.predict(calibrate.features))
        return Fitted(name, fitted, fitted.pipeline_, float(found))
    if problem.kind == "binary":
        score = fitted.predict_proba(calibrate.features)[:, 1]
        model = classifiers.calibrated(fitted, calibrate.features, calibrate.outcome)
        if problem.segments is not None:
            model = Segmented(model, clone(problem.segments).fit(train.features))
        return Fitted(name, model, fitted, float(roc_auc_score(calibrate.outcome, score)))
    lines = regressors.quantiles(problem.features).fit(train.features, train.outcome)
    model = regressors.WithInterval(fitted, lines).calibrate(calibrate.features, calibrate.outcome)
    error = mean_absolute_error(calibrate.outcome, fitted.predict(calibrate.features))
    return Fitted(name, model, fitted, -float(error))


def predict(problem: Problem, model: BaseEstimator, features: pd.DataFrame) -> npt.NDArray[np.float64]:
    """Return a model's probability or number for each row."""
    if problem.kind == "binary":
        return np.asarray(model.predict_proba(features)[:, 1], dtype=float)
    return np.asarray(model.predict(features), dtype=float)
