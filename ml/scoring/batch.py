"""The scores of some rows: all that a worker needs, which is neither MLflow nor how models are judged."""

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator

from ml.estimators.columns import Inputs
from ml.estimators.contributions import contributions_of, reasons
from ml.evaluation.splits import TEST_FOLDS, folds

if TYPE_CHECKING:
    from ml.evaluation.evaluation import Kind

BANDS = {"high": 2.0, "raised": 1.0}
"""Risk bands by how many times the base rate a probability is, at least; the rest are low."""


def score_of(
    inputs: Inputs, kind: "Kind", model: BaseEstimator, rows: pd.DataFrame, told: dict[str, str]
) -> pd.DataFrame:
    """Return the scores of some rows with their keys, reasons and the model that made them."""
    features = inputs.frame(rows)
    shares = contributions_of(model, features, inputs)
    scores = _scores(kind, model, features, float(told["base_rate"]))
    return rows.assign(
        **scores,
        reasons=reasons(shares, rows),
        is_held_out=folds(rows["patient_id"]) < TEST_FOLDS,
        model_name=told["model_name"],
        model_version=told["model_version"],
        tables_read=told["tables_read"],
    )


def _scores(
    kind: "Kind", model: BaseEstimator, features: pd.DataFrame, base_rate: float
) -> dict[str, object]:
    if kind == "binary":
        return _probabilities(model, features, base_rate)
    return _numbers(model, features) if kind == "number" else {"anomaly_score": model.predict(features)}


def _probabilities(model: BaseEstimator, features: pd.DataFrame, base_rate: float) -> dict[str, object]:
    probability = model.predict_proba(features)[:, 1]
    at_least = [probability >= times * base_rate for times in BANDS.values()]
    found = {"probability": probability, "risk_band": np.select(at_least, list(BANDS), "low")}
    return found | ({"segment": model.segment(features)} if hasattr(model, "segment") else {})


def _numbers(model: BaseEstimator, features: pd.DataFrame) -> dict[str, object]:
    low, _, high = model.predict_quantiles(features).values()
    least = np.maximum(low, 1.0)
    return {
        "predicted_days": np.maximum(model.predict(features), 1.0),
        "predicted_low_days": least,
        "predicted_high_days": np.maximum(high, least),
    }
