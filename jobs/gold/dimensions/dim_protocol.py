"""Standard protocols of treatment."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)


def dim_protocol(treatment_protocols: DataFrame) -> DataFrame:
    """Return one row per protocol."""
    keyed = treatment_protocols.withColumn("protocol_sk", surrogate_key(F.col("protocol_code")))
    return keyed.select(*CONTRACT.select())
