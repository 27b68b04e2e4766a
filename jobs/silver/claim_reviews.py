"""Silver claim reviews: one row per review of a claim."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour
from carelake.quality.judge import judge

CONTRACT = neighbour(__file__)


def claim_reviews(bronze: DataFrame, patients: DataFrame, claims: DataFrame) -> DataFrame:
    """Return the delivered rows, typed and judged by the contract beside this file."""
    return judge(CONTRACT, bronze, {"patients": patients, "claims": claims})
