"""The patient as the records of the as-of date have them, whatever turned out later."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.as_of import AS_OF, known_by

ATTRIBUTES = ("birth_date", "death_date", "sex", "race", "state")
FULL_YEAR = 12


def versions_known(patients: DataFrame, dates: DataFrame) -> DataFrame:
    """Return each patient's version in force by what had been recorded: one row per patient and date."""
    begun = known_by(patients, dates, "recorded_at").where(F.col("effective_date") <= F.col("as_of"))
    order = F.struct("effective_date", "recorded_at")
    return (
        begun.groupBy(*AS_OF)
        .agg(F.max_by(F.struct(*ATTRIBUTES), order).alias("_known"))
        .select(*AS_OF, *(F.col("_known").getField(name).alias(name) for name in ATTRIBUTES))
    )


def is_alive() -> Column:
    """Whether no death up to the as-of date is on record."""
    return F.col("death_date").isNull() | (F.col("death_date") > F.col("as_of"))


def age() -> Column:
    """Return the age in completed years on the as-of date."""
    return F.floor(F.months_between("as_of", "birth_date") / 12)


def months_of_extract() -> Column:
    """Return the months that the extract reaches back from the as-of date."""
    return F.round(F.months_between(F.date_add("as_of", 1), F.col("observed_since")), 1)


def months_observed() -> Column:
    """Return for how many of the last 12 months the extract has data, at most 12.

    A year's sums of a short history are sums of fewer months.
    """
    return F.least(months_of_extract(), F.lit(float(FULL_YEAR)))
