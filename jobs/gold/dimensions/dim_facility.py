"""Hospitals and clinics."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)
ACUTE_TYPES = ("acute_care", "critical_access")


def dim_facility(facilities: DataFrame) -> DataFrame:
    """Return one row per facility; acute stays happen in acute care and critical access hospitals."""
    keyed = facilities.withColumn("facility_sk", surrogate_key(F.col("facility_id")))
    typed = keyed.withColumn("has_acute_stays", F.col("facility_type").isin(*ACUTE_TYPES))
    return typed.select(*CONTRACT.select())
