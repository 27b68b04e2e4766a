"""Models of a length, with the interval it is expected in."""

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, RegressorMixin
from sklearn.linear_model import PoissonRegressor
from sklearn.pipeline import Pipeline
from xgboost import XGBRegressor

from ml.estimators.classifiers import BOOSTED
from ml.estimators.columns import Inputs, raw, scaled

LEVELS = (0.1, 0.5, 0.9)
"""Quantiles predicted: the outer two bound the middle 80 %."""


def log_linear(features: Inputs) -> Pipeline:
    """Return a Poisson regression, its coefficients shrunk: what lengthens a stay does so by a factor."""
    return Pipeline([("columns", scaled(features)), ("model", PoissonRegressor(alpha=0.01, max_iter=1000))])


def boosted(features: Inputs) -> Pipeline:
    """Return boosted trees for a skewed, positive number: the deviance of a Tweedie distribution."""
    model = XGBRegressor(objective="reg:tweedie", **BOOSTED | {"max_depth": 3, "n_estimators": 400})
    return Pipeline([("columns", raw(features)), ("model", model)])


def quantiles(features: Inputs) -> Pipeline:
    """Return boosted trees for the quantiles of `LEVELS`, all at once."""
    model = XGBRegressor(objective="reg:quantileerror", quantile_alpha=np.array(LEVELS), **BOOSTED)
    return Pipeline([("columns", raw(features)), ("model", model)])


class WithInterval(RegressorMixin, BaseEstimator):  # type: ignore[misc]
    """A regression with an interval: quantiles widened so far that they hold on rows not seen in fitting.

    Conformalized quantile regression (Romano, Patterson and Candes 2019): the interval's ends move by the
    quantile of how far outcomes of the calibration rows lie outside.
    """

    def __init__(self, mean: Pipeline, quantiles: Pipeline, margin: float = 0.0) -> None:
        """Take the fitted regressions of the mean and of the quantiles, and how far to move the ends."""
        self.mean = mean
        self.quantiles = quantiles
        self.margin = margin

    def calibrate(self, rows: pd.DataFrame, outcome: np.ndarray) -> Self:
        """Move the interval's ends so that they hold on these rows as often as they should."""
        lines = np.sort(self.quantiles.predict(rows), axis=1)
        outside = np.maximum(lines[:, 0] - outcome, outcome - lines[:, -1])
        self.margin = float(np.quantile(outside, LEVELS[-1] - LEVELS[0], method="higher"))
        return self

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the expected number of each row."""
        return np.asarray(self.mean.predict(rows), dtype=float)

    def predict_quantiles(self, rows: pd.DataFrame) -> dict[float, np.ndarray]:
        """Return the quantiles by level, in order in every row."""
        lines = np.sort(np.asarray(self.quantiles.predict(rows), dtype=float), axis=1)
        lines[:, 0] -= self.margin
        lines[:, -1] += self.margin
        return dict(zip(LEVELS, lines.T, strict=True))
