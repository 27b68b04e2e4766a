"""Adverse events in hospital stays, with their harm and the stay they belong to."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import hours_between
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_version

CONTRACT = neighbour(__file__)
ENCOUNTER = ["patient_id", "encounter_id"]
FALLS = ("fall", "fall_with_injury")
DEEP_PRESSURE_INJURIES = ("pressure_injury_stage_3", "pressure_injury_stage_4")
PRESSURE_INJURIES = ("pressure_injury_stage_2", *DEEP_PRESSURE_INJURIES)
SURGICAL = ("wrong_site_procedure", "retained_object")
HARMFUL = ("mild", "moderate", "severe", "death")
SERIOUS = ("severe", "death")


def fact_adverse_events(
    adverse_events: DataFrame, encounters: DataFrame, dim_patient: DataFrame
) -> DataFrame:
    """Return one row per reported event, with the patient's version on its day."""
    occurred_on = F.to_date("occurred_at")
    context = encounters.select(*ENCOUNTER, "encounter_type", "admitted_at")
    return (
        adverse_events.join(context, on=ENCOUNTER, how="left")
        .transform(with_patient_version, dim_patient, occurred_on)
        .withColumns(_harm())
        .withColumns(
            {
                "is_open": F.col("status") == "open",
                "facility_sk": reference_key(F.col("facility_id")),
                "occurred_date_key": date_key(occurred_on),
                "reported_date_key": date_key(F.to_date("reported_at")),
                "hours_to_report": hours_between(F.col("occurred_at"), F.col("reported_at")),
                "days_since_admission": F.date_diff(occurred_on, F.to_date("admitted_at")),
            }
        )
        .select(*CONTRACT.select())
    )


def _harm() -> dict[str, Column]:
    kind, severity = F.col("event_type"), F.col("severity")
    is_known = severity.isin("none", *HARMFUL)
    is_serious = severity.isin(*SERIOUS)
    never = kind.isin(*SURGICAL, *DEEP_PRESSURE_INJURIES) | (kind.isin(*FALLS) & is_serious)
    group = (
        F.when(kind.isin(*FALLS), "fall")
        .when(kind.isin(*PRESSURE_INJURIES), "pressure_injury")
        .when(kind.isin(*SURGICAL), "surgical_never_event")
        .otherwise("other")
    )
    return {
        "event_group": group,
        "is_harm": F.when(is_known, severity.isin(*HARMFUL)),
        "is_serious_harm": F.when(is_known, is_serious),
        "is_serious_reportable": never,
    }
