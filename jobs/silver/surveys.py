"""Silver surveys: one row per survey sent."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from carelake.quality.judge import judge

CONTRACT = neighbour(__file__)


def surveys(bronze: DataFrame, patients: DataFrame, encounters: DataFrame) -> DataFrame:
    """Return the delivered rows, typed and judged by the contract beside this file."""
    return judge(CONTRACT, bronze, {"patients": patients, "encounters": encounters})
