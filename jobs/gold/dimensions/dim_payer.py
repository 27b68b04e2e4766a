"""Payers."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)
PUBLIC_CLASSES = ("medicare", "medicare_advantage", "medicaid")


def dim_payer(payers: DataFrame) -> DataFrame:
    """Return one row per payer; Medicare Advantage is public money, privately run, so it is public."""
    keyed = payers.withColumn("payer_sk", surrogate_key(F.col("payer_id")))
    classed = keyed.withColumn("is_public", F.col("payer_class").isin(*PUBLIC_CLASSES))
    return classed.select(*CONTRACT.select())
