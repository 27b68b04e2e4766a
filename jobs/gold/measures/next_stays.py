"""The stay that follows a stay, and how far the data follows the patient."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.gold.measures.transfer_chains import of_patient

WINDOWS = (30, 60, 90)
"""Days after discharge within which a return is a readmission."""


def with_next_stay(stays: DataFrame) -> DataFrame:
    """Return the stays with the patient's next one, the first return, as `next_...`, and the days to it."""
    following = {
        f"next_{name}": F.lead(name).over(of_patient())
        for name in ("encounter_id", "facility_id", "admitted_at", "condition", "is_planned")
    }
    days = F.date_diff(F.to_date("next_admitted_at"), F.to_date("discharged_at"))
    return stays.withColumns(following).withColumn("days_to_next", days)


def with_follow_up(stays: DataFrame, deliveries: DataFrame) -> DataFrame:
    """Return the stays with whether each window lies wholly in the data; never while a stay is open."""
    horizon = deliveries.agg(F.max("data_through").alias("_data_through"))
    complete = {complete_column(days): F.coalesce(_is_over(days), F.lit(False)) for days in WINDOWS}
    return stays.crossJoin(F.broadcast(horizon)).withColumns(complete)


def complete_column(days: int) -> str:
    """Return the name of the column that says whether a window lies wholly in the data."""
    return f"is_follow_up_complete_{days}d"


def _is_over(days: int) -> Column:
    """Whether the last second of the day so many days after discharge has been delivered."""
    day_after = F.date_add(F.to_date("discharged_at"), days + 1).cast("timestamp")
    return day_after <= F.col("_data_through") + F.expr("INTERVAL 1 SECOND")
