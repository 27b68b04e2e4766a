"""The patient as the source knew them at the prediction time, not as it turned out later."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.stays import STAY, beside

SUBGROUPS = ("race", "ethnicity")
"""Attributes to judge a model by, never to feed it with."""
OLDEST = 120
"""Years; a birth date that makes a patient older is wrong, whatever else it is."""
ATTRIBUTES = ("birth_date", "sex", "marital_status", *SUBGROUPS)


def known_patient(stays: DataFrame, patients: DataFrame) -> DataFrame:
    """Return age and attributes by the version in force on the day, of the versions recorded by then.

    Of several recorded for one day the latest recorded holds. A patient of whom nothing was recorded yet has
    no row.
    """
    predicted_on = F.to_date("predicted_at")
    is_known = (F.col("recorded_at") <= F.col("predicted_at")) & (F.col("effective_date") <= predicted_on)
    versions = patients.select("patient_id", "effective_date", "recorded_at", *ATTRIBUTES)
    in_force = F.max_by(F.struct(*ATTRIBUTES), F.struct("effective_date", "recorded_at"))
    known = beside(stays, versions).where(is_known).groupBy(*STAY, "predicted_at")
    return (
        known.agg(in_force.alias("_known"))
        .select(*STAY, "predicted_at", "_known.*")
        .withColumn("age", completed_years(F.col("birth_date"), predicted_on))
        .withColumn("age", F.when(F.col("age").between(0, OLDEST), F.col("age")))
        .drop("predicted_at", "birth_date")
    )


def completed_years(birth_date: Column, day: Column) -> Column:
    """Return an age in completed years; 29 February counts from 1 March in other years."""
    birthday_ahead = _month_and_day(day) < _month_and_day(birth_date)
    return F.year(day) - F.year(birth_date) - birthday_ahead.cast("int")


def _month_and_day(day: Column) -> Column:
    return F.month(day) * 100 + F.dayofmonth(day)
