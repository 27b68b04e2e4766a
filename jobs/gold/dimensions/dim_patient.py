"""Versions of patients by the day from which they hold in the world, not by the day they arrived."""

from pyspark.sql import DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)
VERSION = ("patient_sk", "patient_id", "valid_from", "valid_to", "is_current", "recorded_at")
TRACKED = [name for name in CONTRACT.names if name not in VERSION]
"""Attributes whose change makes a version."""


def dim_patient(patients: DataFrame) -> DataFrame:
    """Return one row per patient and period in which every tracked attribute is unchanged.

    Of several records with one effective date the one recorded last holds; a record equal to the one before
    it, nulls included, makes no version. A backdated record falls into its place in the order.
    """
    versions = patients.transform(_last_word_per_day).transform(_changes)
    dated = versions.withColumn("valid_to", F.lead("effective_date").over(_history("effective_date")))
    return (
        dated.withColumnRenamed("effective_date", "valid_from")
        .withColumn("is_current", F.col("valid_to").isNull())
        .withColumn("patient_sk", surrogate_key(F.col("patient_id"), F.col("valid_from")))
        .select(*CONTRACT.select())
    )


def _last_word_per_day(patients: DataFrame) -> DataFrame:
    # One order serves this step and the next two, so that the rows are shuffled and sorted once.
    order = _history("effective_date", "recorded_at", "updated_at")
    next_day = F.lead("effective_date").over(order)
    marked = patients.withColumn("_superseded", F.col("effective_date").eqNullSafe(next_day))
    return marked.where(~F.col("_superseded"))


def _changes(records: DataFrame) -> DataFrame:
    image = F.struct(*TRACKED)
    before = F.lag(image).over(_history("effective_date"))
    return records.withColumn("_unchanged", image.eqNullSafe(before)).where(~F.col("_unchanged"))


def _history(*order: str) -> WindowSpec:
    return Window.partitionBy("patient_id").orderBy(*order)
