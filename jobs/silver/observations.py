"""Silver observations: one row per value measured."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from carelake.quality.judge import judge

CONTRACT = neighbour(__file__)


def observations(
    bronze: DataFrame, patients: DataFrame, encounters: DataFrame, observation_codes: DataFrame
) -> DataFrame:
    """Return the delivered rows, typed and judged by the contract beside this file."""
    parents = {"patients": patients, "encounters": encounters, "dim_observation": observation_codes}
    return judge(CONTRACT, bronze, parents)
