"""What monitoring found, run by run."""

from pyspark.sql import DataFrame

from carelake.contracts import neighbour

CONTRACT = neighbour(__file__)


def model_monitoring(findings: DataFrame) -> DataFrame:
    """Return one row per finding of a monitoring run."""
    return findings.select(*CONTRACT.select())
