"""Silver beds: one row per facility, unit and day."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from carelake.quality.judge import judge

CONTRACT = neighbour(__file__)


def beds(bronze: DataFrame) -> DataFrame:
    """Return the delivered rows, typed and judged by the contract beside this file."""
    return judge(CONTRACT, bronze, {})
