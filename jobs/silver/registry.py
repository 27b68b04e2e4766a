"""Silver registry: one row per patient and registered condition."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from carelake.quality.judge import judge

CONTRACT = neighbour(__file__)


def registry(bronze: DataFrame, patients: DataFrame) -> DataFrame:
    """Return the delivered rows, typed and judged by the contract beside this file."""
    return judge(CONTRACT, bronze, {"patients": patients})
