"""Acute stays: inpatient rows merged, transfers linked."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import hours_between, length_of_stay
from jobs.columns.dispositions import DIED, LEFT_AGAINST_ADVICE
from jobs.columns.keys import date_key, reference_key
from jobs.gold.measures.stay_rows import merged
from jobs.gold.measures.transfer_chains import chained

CONTRACT = neighbour(__file__)
ACUTE_CARE = ("acute_care", "critical_access")
"""Kinds of facilities in which a stay is acute care."""


def fact_stays(fact_encounters: DataFrame, dim_facility: DataFrame) -> DataFrame:
    """Return one row per acute stay; visits are none, nor is care in rehabilitation or psychiatric hospitals.

    A facility that is not known yet is taken for an acute care hospital.
    """
    inpatient = fact_encounters.where(F.col("encounter_type") == "inpatient")
    others = dim_facility.where(~F.col("facility_type").isin(*ACUTE_CARE))
    return (
        inpatient.join(F.broadcast(others), on="facility_id", how="left_anti")
        .transform(merged)
        .transform(chained)
        .withColumns(_duration() | _outcome() | _keys())
        .select(*CONTRACT.select())
    )


def _duration() -> dict[str, Column]:
    admitted, discharged = F.col("admitted_at"), F.col("discharged_at")
    return {
        "los_days": length_of_stay(admitted, discharged),
        "los_hours": hours_between(admitted, discharged),
        "is_open": discharged.isNull(),
        "encounter_count": F.size("encounter_ids"),
    }


def _outcome() -> dict[str, Column]:
    disposition = F.when(F.col("discharged_at").isNotNull(), F.col("discharge_disposition"))
    return {
        "discharge_disposition": disposition,
        "is_death": disposition == DIED,
        "is_against_medical_advice": disposition == LEFT_AGAINST_ADVICE,
    }


def _keys() -> dict[str, Column]:
    return {
        "principal_diagnosis_sk": reference_key(F.col("principal_diagnosis_code")),
        "admit_date_key": date_key(F.to_date("admitted_at")),
        "discharge_date_key": date_key(F.to_date("discharged_at")),
    }
