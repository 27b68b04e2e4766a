"""Scores of the champion for claim anomalies."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from ml.scoring.job import scored

CONTRACT = neighbour(__file__)


def score_claim_anomaly(features_claims: DataFrame, champion_claim_anomaly: DataFrame) -> DataFrame:
    """Return one row per row of the features."""
    return scored(features_claims, champion_claim_anomaly, CONTRACT, "claim_anomaly")
