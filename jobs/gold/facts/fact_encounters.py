"""Encounters with the patient's version in force, their coding and their length."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import completed_years, hours_between, length_of_stay, minutes_between
from jobs.columns.dispositions import DIED, LEFT_AGAINST_ADVICE
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_and_version

CONTRACT = neighbour(__file__)
ENCOUNTER = ["patient_id", "encounter_id"]


def fact_encounters(
    encounters: DataFrame, diagnoses: DataFrame, procedures: DataFrame, dim_patient: DataFrame
) -> DataFrame:
    """Return one row per encounter; nothing is merged here, interim bills are rows of their own."""
    admission_day = F.to_date("admitted_at")
    return (
        encounters.join(_diagnoses_by_encounter(diagnoses), on=ENCOUNTER, how="left")
        .join(_procedures_by_encounter(procedures), on=ENCOUNTER, how="left")
        .fillna(0, subset=["diagnosis_count", "hospital_acquired_count", "procedure_count"])
        .transform(with_patient_and_version, dim_patient, admission_day, "birth_date")
        .withColumns(_duration() | _emergency() | _outcome() | _keys())
        .withColumn("age_at_admission", completed_years(F.col("birth_date"), admission_day))
        .select(*CONTRACT.select())
    )


def _diagnoses_by_encounter(diagnoses: DataFrame) -> DataFrame:
    return diagnoses.groupBy(*ENCOUNTER).agg(
        _principal("diagnosis_code", "diagnosis_id").alias("principal_diagnosis_code"),
        F.count("*").alias("diagnosis_count"),
        F.count_if(F.col("present_on_admission") == "N").alias("hospital_acquired_count"),
    )


def _procedures_by_encounter(procedures: DataFrame) -> DataFrame:
    return procedures.groupBy(*ENCOUNTER).agg(
        _principal("procedure_code", "procedure_id").alias("principal_procedure_code"),
        F.count("*").alias("procedure_count"),
    )


def _principal(code: str, key: str) -> Column:
    # Two rows may claim rank 1; the smaller key wins, whatever order they come in.
    ranked = F.when(F.col("sequence") == 1, F.struct(F.col(key), F.col(code)))
    return F.min(ranked).getField(code)


def _duration() -> dict[str, Column]:
    admitted, discharged = F.col("admitted_at"), F.col("discharged_at")
    is_inpatient = F.col("encounter_type") == "inpatient"
    return {
        "los_days": F.when(is_inpatient, length_of_stay(admitted, discharged)),
        "los_hours": hours_between(admitted, discharged),
        "is_open": discharged.isNull(),
    }


def _emergency() -> dict[str, Column]:
    """Return the waits in the emergency department, in minutes, and whether the stay began there."""
    at = {
        name: F.col(f"{name}_at") for name in ("arrived", "triaged", "provider_seen", "decided", "departed")
    }
    return {
        "is_admitted_from_emergency": (F.col("encounter_type") == "inpatient") & at["arrived"].isNotNull(),
        "door_to_triage_minutes": minutes_between(at["arrived"], at["triaged"]),
        "door_to_provider_minutes": minutes_between(at["arrived"], at["provider_seen"]),
        "decision_to_departure_minutes": minutes_between(at["decided"], at["departed"]),
        "emergency_length_minutes": minutes_between(at["arrived"], at["departed"]),
    }


def _outcome() -> dict[str, Column]:
    disposition = F.when(F.col("discharged_at").isNotNull(), F.col("discharge_disposition"))
    # The status code is the same for those who left before anybody could advise them.
    was_seen = ~F.coalesce(F.col("is_left_without_being_seen"), F.lit(False))
    return {
        "is_death": disposition == DIED,
        "is_against_medical_advice": (disposition == LEFT_AGAINST_ADVICE) & was_seen,
    }


def _keys() -> dict[str, Column]:
    referred = {
        "facility_sk": "facility_id",
        "provider_sk": "provider_id",
        "payer_sk": "payer_id",
        "admitting_diagnosis_sk": "admitting_diagnosis_code",
        "principal_diagnosis_sk": "principal_diagnosis_code",
        "principal_procedure_sk": "principal_procedure_code",
    }
    keys = {name: reference_key(F.col(column)) for name, column in referred.items()}
    days = {"admit_date_key": "admitted_at", "discharge_date_key": "discharged_at"}
    return keys | {name: date_key(F.to_date(column)) for name, column in days.items()}
