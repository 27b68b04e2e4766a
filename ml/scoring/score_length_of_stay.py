"""Scores of the champion for length of stay."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from ml.scoring.job import scored

CONTRACT = neighbour(__file__)


def score_length_of_stay(features_length_of_stay: DataFrame, champion_length_of_stay: DataFrame) -> DataFrame:
    """Return one row per row of the features."""
    return scored(features_length_of_stay, champion_length_of_stay, CONTRACT, "length_of_stay")
