"""Models of a yes or no, and their calibration."""

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from xgboost import XGBClassifier

from ml.estimators.columns import Features, raw, scaled

SEED = 7
BOOSTED = {
    "n_estimators": 300,
    "max_depth": 3,
    "learning_rate": 0.04,
    "subsample": 0.8,
    "colsample_bytree": 0.5,
    "min_child_weight": 10,
    "reg_lambda": 5.0,
    "n_jobs": 2,
    "random_state": SEED,
}
"""Shallow and slow: outcomes of care are noisy, and a few hundred events must not be learned by heart."""


def logistic(features: Features) -> Pipeline:
    """Return a logistic regression, its coefficients shrunk."""
    return Pipeline([("columns", scaled(features)), ("model", LogisticRegression(C=0.02, max_iter=2000))])


def boosted(features: Features) -> Pipeline:
    """Return gradient-boosted trees."""
    return Pipeline([("columns", raw(features)), ("model", XGBClassifier(**BOOSTED))])


def calibrated(fitted: Pipeline, rows: pd.DataFrame, outcome: np.ndarray) -> CalibratedClassifierCV:
    """Return a fitted model whose probabilities are calibrated on rows it has not seen (Platt 1999).

    A line through the log odds has two numbers to learn: that also works with a hundred events.
    """
    return CalibratedClassifierCV(FrozenEstimator(fitted), method="sigmoid").fit(rows, outcome)
