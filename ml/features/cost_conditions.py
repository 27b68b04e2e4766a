"""Conditions coded in encounters that were over by the as-of date."""

from functools import reduce
from operator import add

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.as_of import AS_OF, distinct, known_by

WEIGHTS = {
    "myocardial_infarction": 1,
    "congestive_heart_failure": 1,
    "peripheral_vascular_disease": 1,
    "cerebrovascular_disease": 1,
    "dementia": 1,
    "chronic_pulmonary_disease": 1,
    "rheumatic_disease": 1,
    "peptic_ulcer_disease": 1,
    "mild_liver_disease": 1,
    "diabetes_without_complication": 1,
    "diabetes_with_complication": 2,
    "hemiplegia_or_paraplegia": 2,
    "renal_disease": 2,
    "malignancy": 2,
    "moderate_or_severe_liver_disease": 3,
    "metastatic_solid_tumor": 6,
    "aids_hiv": 6,
}
"""Weights of the comorbidity index (Charlson et al., J Chronic Dis 1987;40:373-383)."""
GRAVER = {
    "mild_liver_disease": "moderate_or_severe_liver_disease",
    "diabetes_without_complication": "diabetes_with_complication",
    "malignancy": "metastatic_solid_tumor",
}
"""Groups that count for nothing beside a graver form of the same disease."""
FLAGS = {
    "has_heart_failure": ("congestive_heart_failure",),
    "has_pulmonary_disease": ("chronic_pulmonary_disease",),
    "has_diabetes": ("diabetes_without_complication", "diabetes_with_complication"),
    "has_renal_disease": ("renal_disease",),
    "has_cancer": ("malignancy", "metastatic_solid_tumor"),
}


def conditions(
    fact_encounters: DataFrame, diagnoses: DataFrame, dim_diagnosis: DataFrame, dates: DataFrame
) -> DataFrame:
    """Return Charlson's index, chronic conditions and a few by name, per patient and as-of date.

    Diagnoses are coded when an encounter is over; those of one still open are not known yet.
    """
    ended = fact_encounters.select("patient_id", "encounter_id", "discharged_at")
    codes = dim_diagnosis.select("diagnosis_code", "charlson_group", "ccsr_category", "is_chronic")
    coded = (
        diagnoses.select("patient_id", "encounter_id", "diagnosis_code")
        .join(ended, on=["patient_id", "encounter_id"], how="inner")
        .join(F.broadcast(codes), on="diagnosis_code", how="inner")
    )
    found = (
        known_by(coded, dates, "discharged_at")
        .groupBy(*AS_OF)
        .agg(
            F.collect_set("charlson_group").alias("_groups"),
            distinct(F.when(F.col("is_chronic"), F.col("ccsr_category"))).alias("chronic_condition_count"),
            distinct("ccsr_category").alias("condition_count"),
        )
    )
    flags = {
        name: reduce(lambda one, other: one | other, map(_has, groups)) for name, groups in FLAGS.items()
    }
    return found.withColumns({"charlson_index": _index()} | flags).drop("_groups")


def _index() -> Column:
    return reduce(add, (F.when(_counts(group), weight).otherwise(0) for group, weight in WEIGHTS.items()))


def _counts(group: str) -> Column:
    graver = GRAVER.get(group)
    return _has(group) & ~_has(graver) if graver else _has(group)


def _has(group: str) -> Column:
    return F.array_contains("_groups", group)
