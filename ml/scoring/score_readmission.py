"""Scores of the champion for readmission."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from ml.scoring.job import scored

CONTRACT = neighbour(__file__)


def score_readmission(features_readmission: DataFrame, champion_readmission: DataFrame) -> DataFrame:
    """Return one row per row of the features."""
    return scored(features_readmission, champion_readmission, CONTRACT, "readmission")
