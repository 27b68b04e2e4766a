"""What is known of a stay when it begins."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.stays import STAY

URGENT = ("1", "2", "5")
"""Types of admission that can't wait: emergency, urgent, trauma (NUBC FL 14)."""
TRIAGE_LEVELS = (1, 5)
"""Most and least urgent level of the Emergency Severity Index."""


def with_admission(stays: DataFrame, dim_payer: DataFrame) -> DataFrame:
    """Return the stays with what their way in tells, and the class of the payer responsible."""
    classes = dim_payer.select("payer_id", "payer_class")
    at = F.col("admitted_at")
    return stays.join(F.broadcast(classes), on="payer_id", how="left").withColumns(
        {
            "is_emergency_admission": F.col("admit_type").isin(*URGENT),
            "is_transferred_in": F.col("chain_position") > 1,
            "admission_month": F.month(at),
            "admission_weekday": F.weekday(at) + 1,
            "admission_hour": F.hour(at),
        }
    )


def with_admitting_diagnosis(stays: DataFrame, dim_diagnosis: DataFrame) -> DataFrame:
    """Return the stays with the groups that the admitting diagnosis belongs to."""
    groups = dim_diagnosis.select(
        F.col("diagnosis_code").alias("admitting_diagnosis_code"),
        F.col("category_code").alias("admitting_category"),
        F.col("ccsr_category").alias("admitting_condition"),
        F.col("ccsr_body_system").alias("admitting_body_system"),
    )
    return stays.join(groups, on="admitting_diagnosis_code", how="left")


def emergency_care(stays: DataFrame, encounters: DataFrame) -> DataFrame:
    """Return triage and waits in the emergency department before the stay, as far as over on admission."""
    times = ("triaged_at", "provider_seen_at", "decided_at")
    own = encounters.select(*STAY, "triage_level", "arrived_at", *times)
    waits = stays.select(*STAY, "predicted_at").join(own, on=STAY, how="inner")
    at, is_level = F.col("predicted_at"), F.col("triage_level").between(*TRIAGE_LEVELS)
    return waits.select(
        *STAY,
        F.when(_known("triaged_at") & is_level, F.col("triage_level")).alias("triage_level"),
        _minutes("arrived_at", "triaged_at").alias("door_to_triage_minutes"),
        _minutes("arrived_at", "provider_seen_at").alias("door_to_provider_minutes"),
        _minutes("provider_seen_at", "decided_at").alias("provider_to_decision_minutes"),
        F.when(_known("arrived_at"), _span(F.col("arrived_at"), at)).alias("door_to_admission_minutes"),
    )


def _known(time: str) -> Column:
    return F.col(time) <= F.col("predicted_at")


def _minutes(begin: str, end: str) -> Column:
    return F.when(_known(end), _span(F.col(begin), F.col(end)))


def _span(begin: Column, end: Column) -> Column:
    return (F.unix_timestamp(end) - F.unix_timestamp(begin)) / F.lit(60.0)
