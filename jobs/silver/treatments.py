"""Silver treatments: one row per treatment."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from carelake.quality.judge import judge

CONTRACT = neighbour(__file__)


def treatments(
    bronze: DataFrame, patients: DataFrame, encounters: DataFrame, treatment_protocols: DataFrame
) -> DataFrame:
    """Return the delivered rows, typed and judged by the contract beside this file."""
    parents = {"patients": patients, "encounters": encounters, "dim_protocol": treatment_protocols}
    return judge(CONTRACT, bronze, parents)
