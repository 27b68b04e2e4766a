"""Clinicians."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)


def dim_provider(providers: DataFrame) -> DataFrame:
    """Return one row per provider with the attributes last reported."""
    keyed = providers.withColumn("provider_sk", surrogate_key(F.col("provider_id")))
    return keyed.select(*CONTRACT.select())
