"""Vital signs and laboratory values measured by the prediction time."""

from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.stays import STAY, beside

LABORATORY = (
    "hemoglobin",
    "sodium",
    "creatinine",
    "urea_nitrogen",
    "glucose",
    "albumin",
    "white_cells",
    "platelets",
    "lactate",
    "troponin",
    "hemoglobin_a1c",
)
VITAL = (
    "systolic_pressure",
    "diastolic_pressure",
    "heart_rate",
    "respiratory_rate",
    "temperature",
    "oxygen_saturation",
    "body_weight",
)
LAST_OF_ALL = tuple(f"last_{name}" for name in (*LABORATORY, *VITAL))
FIRST_AND_LAST = (*LAST_OF_ALL, *(f"first_{name}" for name in (*LABORATORY, *VITAL)))


def observed(stays: DataFrame, observations: DataFrame, since: Column, values: Iterable[str]) -> DataFrame:
    """Return first and last values from `since` to the prediction time, and how much was measured.

    `values` names the columns, such as `last_sodium`, after `dim_observation.short_name`. Values no living
    patient has don't count. The abnormal share is by the laboratory's own judgement: the usual range of
    `fact_observations` goes by the patient's attributes as they are known today.
    """
    rows = observations.where("is_plausible").select(
        "patient_id", "observation_id", "short_name", "value", "abnormal_flag", "observed_at"
    )
    at = F.col("observed_at")
    order = F.struct("observed_at", "observation_id")
    by_kind = (
        beside(stays, rows)
        .where((at >= since) & (at <= F.col("predicted_at")))
        .groupBy(*STAY, "short_name")
        .agg(
            F.min_by("value", order).alias("first"),
            F.max_by("value", order).alias("last"),
            F.count("abnormal_flag").alias("_judged"),
            F.count_if(F.col("abnormal_flag").isin("L", "H")).alias("_abnormal"),
        )
    )
    chosen = [_value(name) for name in values]
    measured = F.sum("_judged").alias("laboratory_count")
    return by_kind.groupBy(*STAY).agg(*chosen, measured, _share_of("_abnormal", "_judged"))


def _value(name: str) -> Column:
    place, _, kind = name.partition("_")
    return F.max(F.when(F.col("short_name") == kind, F.col(place))).alias(name)


def _share_of(part: str, whole: str) -> Column:
    return F.try_divide(F.sum(part), F.sum(whole)).alias("abnormal_share")
