"""Models of a yes or no, and their calibration."""

import numpy as np
import pandas as pd
from sklearn.calibration import CalibratedClassifierCV
from sklearn.frozen import FrozenEstimator
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import Pipeline
from xgboost import XGBClassifier

from ml.estimators.columns import Inputs, raw, scaled

SEED = 7
SHRINKAGE = 0.01
BOOSTED = {
    "n_estimators": 300,
    "max_depth": 2,
    "learning_rate": 0.04,
    "subsample": 0.7,
    "colsample_bytree": 0.3,
    "min_child_weight": 20,
    "reg_lambda": 30.0,
    "n_jobs": 1,
    "random_state": SEED,
}
"""Shallow and much shrunk: outcomes of care are noisy, and a few hundred events must not be learned by heart.
On readmissions of 3,000 stays, trees of depth 3 reached an AUROC of 0.90 on what they learned and 0.71
elsewhere, such as these 0.82 and 0.72. Two threads fit no sooner than one, be it data of 10,000 patients or
of 200,000, and the other core may be tracking the model before."""


def logistic(features: Inputs) -> Pipeline:
    """Return a logistic regression, its coefficients shrunk."""
    return Pipeline(
        [("columns", scaled(features)), ("model", LogisticRegression(C=SHRINKAGE, max_iter=2000))]
    )


def boosted(features: Inputs) -> Pipeline:
    """Return gradient-boosted trees."""
    return Pipeline([("columns", raw(features)), ("model", XGBClassifier(**BOOSTED))])


def calibrated(fitted: Pipeline, rows: pd.DataFrame, outcome: np.ndarray) -> CalibratedClassifierCV:
    """Return a fitted model whose probabilities are calibrated on rows it has not seen (Platt 1999).

    A line through the log odds has two numbers to learn: that also works with a hundred events.
    """
    return CalibratedClassifierCV(FrozenEstimator(fitted), method="sigmoid").fit(rows, outcome)
