"""How unlike others a row is: an isolation forest, and by which features it stands out."""

from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.ensemble import IsolationForest
from sklearn.pipeline import Pipeline

from ml.estimators.classifiers import SEED
from ml.estimators.columns import Inputs, imputed

TREES, PER_TREE = 200, 4096
"""Large samples: fraud is rare and clumps, so that small ones hide it among themselves."""
SPREAD = 1.4826
"""Median absolute deviations to a standard deviation, where numbers are normal."""
LEAST_SPREAD = 1e-3
FARTHEST = 10.0
"""Standard deviations beyond which farther says nothing: a rare flag would always come first."""


class Suspicion(BaseEstimator):  # type: ignore[misc]
    """An isolation forest (Liu, Ting and Zhou 2008) that says what is unusual about a row."""

    def __init__(self, features: Inputs) -> None:
        """Take the columns it reads."""
        self.features = features

    def fit(self, rows: pd.DataFrame, outcome: object = None) -> Self:
        """Learn what is usual; an outcome plays no part."""
        del outcome
        per_tree = min(PER_TREE, len(rows))
        forest = IsolationForest(n_estimators=TREES, max_samples=per_tree, random_state=SEED, n_jobs=2)
        self.pipeline_ = Pipeline([("columns", imputed(self.features)), ("model", forest)]).fit(rows)
        numbers = rows[list(self.features.numbers)]
        self.centre_ = numbers.median().fillna(0.0).to_numpy()
        deviation = (numbers - self.centre_).abs()
        robust = SPREAD * deviation.median().to_numpy()
        # Where most rows are alike the median deviation is nothing: the mean one still tells a scale.
        self.spread_ = np.maximum(np.where(robust > 0, robust, deviation.mean().to_numpy()), LEAST_SPREAD)
        return self

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the anomaly score of each row, between 0 and 1, higher being more unusual."""
        return -np.asarray(self.pipeline_.score_samples(rows), dtype=float)

    def deviations(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows x numbers: how many robust standard deviations each lies above the usual value."""
        numbers = rows[list(self.features.numbers)]
        return ((numbers - self.centre_) / self.spread_).clip(0.0, FARTHEST).fillna(0.0)
