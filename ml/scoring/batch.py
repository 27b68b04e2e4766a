"""Scoring in Spark: each worker loads the model once and scores its rows in batches."""

from collections.abc import Iterator
from functools import cache

import mlflow
import numpy as np
import pandas as pd
from pyspark.sql import DataFrame
from sklearn.base import BaseEstimator

from carelake.contract import Contract
from ml.estimators.columns import Inputs
from ml.estimators.contributions import contributions_of, reasons
from ml.evaluation.evaluation import Kind
from ml.evaluation.splits import TEST_FOLDS, folds
from ml.problems import problem_of

BANDS = {"high": 2.0, "raised": 1.0}
"""Risk bands by how many times the base rate a probability is, at least; the rest are low."""


def scored(features: DataFrame, champion: DataFrame, contract: Contract, name: str) -> DataFrame:
    """Return the scores of a problem's champion, one row per row of its features, none of them null."""
    told, of = champion.collect()[0].asDict(), problem_of(name)
    # Workers get these by value: a problem's module reads its contract from a folder, they may have a wheel.
    inputs, kind = of.features, of.kind

    def score(batches: Iterator[pd.DataFrame]) -> Iterator[pd.DataFrame]:
        model = loaded(told["tracking_uri"], told["model_uri"])
        for rows in batches:
            yield score_of(inputs, kind, model, rows, told)[contract.names]

    return features.mapInPandas(score, contract.ddl()).select(*contract.select())


@cache
def loaded(tracking_uri: str, model_uri: str) -> BaseEstimator:
    """Load a model, once per worker process."""
    mlflow.set_tracking_uri(tracking_uri)
    # A worker inherits the environment of whatever started Spark, and with it maybe another registry.
    mlflow.set_registry_uri(tracking_uri)
    return mlflow.sklearn.load_model(model_uri)


def score_of(
    inputs: Inputs, kind: Kind, model: BaseEstimator, rows: pd.DataFrame, told: dict[str, str]
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


def _scores(kind: Kind, model: BaseEstimator, features: pd.DataFrame, base_rate: float) -> dict[str, object]:
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
