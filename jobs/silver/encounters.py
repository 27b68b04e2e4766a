"""Silver encounters: one row per encounter as billed; interim bills of one stay are rows of their own."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from carelake.quality.judge import judge

CONTRACT = neighbour(__file__)


def encounters(bronze: DataFrame, patients: DataFrame) -> DataFrame:
    """Return the delivered rows, typed and judged by the contract beside this file."""
    return judge(CONTRACT, bronze, {"patients": patients})
