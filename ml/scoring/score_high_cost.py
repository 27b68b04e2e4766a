"""Scores of the champion for high cost."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from ml.scoring.job import scored

CONTRACT = neighbour(__file__)
MONTHS_BACK = 12
"""Patients are scored as of the last day whose next twelve months are known: what can be judged."""


def score_high_cost(features_high_cost: DataFrame, champion_high_cost: DataFrame) -> DataFrame:
    """Return one row per patient covered on the as-of date."""
    then = features_high_cost.where(F.col("months_back") == MONTHS_BACK)
    return scored(then, champion_high_cost, CONTRACT, "high_cost")
