"""Encounters and stays that had begun by the as-of date."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.as_of import AS_OF, distinct, known_by, within

KINDS = ("outpatient", "telehealth", "emergency", "observation")
RECENT, YEAR = 3, 12


def contacts(fact_encounters: DataFrame, dates: DataFrame) -> DataFrame:
    """Return numbers of encounters by kind and time, and days since the last, per patient and as-of date."""
    rows = known_by(fact_encounters, dates, "admitted_at").withColumn("_day", F.to_date("admitted_at"))
    day = F.col("_day")
    kinds = [
        F.count_if((F.col("encounter_type") == kind) & within(day, YEAR)).alias(f"{kind}_count_12m")
        for kind in KINDS
    ]
    return rows.groupBy(*AS_OF).agg(
        *kinds,
        F.count_if((F.col("encounter_type") == "emergency") & within(day, RECENT)).alias(
            "emergency_count_3m"
        ),
        F.count_if(within(day, RECENT)).alias("encounter_count_3m"),
        F.count("*").alias("encounter_count"),
        F.count_if(~within(day, YEAR)).alias("encounter_count_before"),
        distinct(F.when(within(day, YEAR), F.col("provider_id"))).alias("provider_count_12m"),
        F.date_diff("as_of", F.max("_day")).alias("days_since_encounter"),
    )


def stays(fact_stays: DataFrame, dates: DataFrame) -> DataFrame:
    """Return numbers of acute stays and their days in bed so far, per patient and as-of date."""
    rows = known_by(fact_stays, dates, "admitted_at").withColumn("_day", F.to_date("admitted_at"))
    is_over = F.col("discharged_at") <= F.col("predicted_at")
    left = F.when(is_over, F.to_date("discharged_at"))
    rows = rows.withColumns({"_left": left, "_bed_days": _bed_days(F.coalesce(left, "as_of"))})
    recent, year = within(F.col("_day"), RECENT), within(F.col("_day"), YEAR)
    return rows.groupBy(*AS_OF).agg(
        F.count_if(recent).alias("stay_count_3m"),
        F.count_if(year).alias("stay_count_12m"),
        F.count_if(~year).alias("stay_count_before"),
        F.coalesce(F.sum(F.when(year, F.col("_bed_days"))), F.lit(0)).alias("bed_days_12m"),
        F.date_diff("as_of", F.max("_left")).alias("days_since_discharge"),
        F.bool_or(F.col("_left").isNull()).alias("is_in_hospital"),
    )


def _bed_days(until: Column) -> Column:
    """Return the midnights from admission until a day, at least one."""
    return F.greatest(F.date_diff(until, F.col("_day")), F.lit(1))
