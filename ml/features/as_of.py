"""The days as of which patients are scored, and who is covered then."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

MONTHS_BACK = (0, 12, 24, 27)
"""Months before the data ends. What follows today is not known yet; what followed a year ago is: models are
tested there and learn from days whose 12 months were over by then."""
EARLIEST_SHARE = 0.001
"""Share of encounters that may come before the extract begins: a few stray dates do not lengthen it."""
AS_OF = ["patient_id", "as_of"]


def as_of_dates(deliveries: DataFrame, encounters: DataFrame) -> DataFrame:
    """Return one row per as-of date: `months_back`, `as_of`, `predicted_at`, `observed_since`.

    `predicted_at` is the last second of the day, `observed_since` the day on which the encounters of the
    extract begin.
    """
    back = F.explode(F.array(*map(F.lit, MONTHS_BACK)))
    dates = deliveries.agg(F.max("data_through").alias("data_through")).select(
        "data_through", back.alias("months_back")
    )
    first = F.percentile_approx("admitted_at", EARLIEST_SHARE)
    begun = encounters.agg(F.to_date(first).alias("observed_since"))
    as_of = F.add_months(F.to_date("data_through"), -F.col("months_back"))
    return (
        dates.where(F.col("data_through").isNotNull())
        .withColumn("as_of", as_of)
        .withColumn("predicted_at", last_second(F.col("as_of")))
        .crossJoin(F.broadcast(begun))
        .select("months_back", "as_of", "predicted_at", "observed_since")
    )


def last_second(day: Column) -> Column:
    """Return the last second of a day."""
    return F.date_add(day, 1).cast("timestamp") - F.expr("INTERVAL 1 SECOND")


def known_by(events: DataFrame, dates: DataFrame, *known_at: str) -> DataFrame:
    """Return each event once per as-of date by which all of its columns `known_at` lie in the past."""
    rows = events.crossJoin(F.broadcast(dates))
    for column in known_at:
        rows = rows.where(F.col(column) <= F.col("predicted_at"))
    return rows


def covered(fact_enrollment: DataFrame, dates: DataFrame) -> DataFrame:
    """Return one row per as-of date and patient with coverage of record on it, insured or not."""
    lasts = F.col("segment_end").isNull() | (F.col("segment_end") >= F.col("as_of"))
    begun = fact_enrollment.crossJoin(F.broadcast(dates)).where(F.col("segment_start") <= F.col("as_of"))
    plan = ("payer_id", "plan_type", "is_insured", "is_dual_eligible")
    return begun.where(lasts).select(*AS_OF, "months_back", "predicted_at", "observed_since", *plan)


def within(day: Column, months: int) -> Column:
    """Whether a day lies in the last months up to the as-of date."""
    return day > F.add_months("as_of", -months)


def distinct(values: Column | str) -> Column:
    """Return how many different values there are, less nulls; a set of few is cheaper than sorting."""
    return F.size(F.collect_set(values))
