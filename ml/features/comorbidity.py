"""Diseases that are known of a patient: coded in encounters that had ended at the prediction time.

The coding of an encounter belongs to its end. At discharge a stay's own diagnoses are among them, on
admission only those of earlier encounters.
"""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.stays import LOOK_BACK_MONTHS, STAY, beside, months_before

CHARLSON = (
    "myocardial_infarction",
    "congestive_heart_failure",
    "peripheral_vascular_disease",
    "cerebrovascular_disease",
    "dementia",
    "chronic_pulmonary_disease",
    "rheumatic_disease",
    "peptic_ulcer_disease",
    "mild_liver_disease",
    "diabetes_without_complication",
    "diabetes_with_complication",
    "hemiplegia_or_paraplegia",
    "renal_disease",
    "malignancy",
    "moderate_or_severe_liver_disease",
    "metastatic_solid_tumor",
    "aids_hiv",
)
"""Charlson's groups (Quan 2005), each a flag of its own name."""
ELIXHAUSER = (
    "cardiac_arrhythmia",
    "valvular_disease",
    "pulmonary_circulation_disorder",
    "hypertension",
    "neurological_disorder",
    "hypothyroidism",
    "lymphoma",
    "coagulopathy",
    "obesity",
    "weight_loss",
    "fluid_or_electrolyte_disorder",
    "deficiency_anemia",
    "blood_loss_anemia",
    "alcohol_abuse",
    "drug_abuse",
    "psychosis",
    "depression",
)
"""Elixhauser's conditions (Quan 2005) that Charlson's groups don't tell of, each a flag of its own name."""
PREFIX_LENGTHS = (3, 4)


def comorbidity(
    stays: DataFrame,
    encounters: DataFrame,
    diagnoses: DataFrame,
    dim_diagnosis: DataFrame,
    charlson_weights: DataFrame,
    elixhauser: DataFrame,
) -> DataFrame:
    """Return flags, the Charlson index and counts of conditions coded in the last 12 months."""
    at, ended = F.col("predicted_at"), F.col("_ended")
    rows = encounters.select(
        "patient_id", F.col("encounter_id").alias("_row"), F.col("discharged_at").alias("_ended")
    )
    is_known = (ended <= at) & (ended > months_before(at, LOOK_BACK_MONTHS))
    coded = diagnoses.select("patient_id", F.col("encounter_id").alias("_row"), "diagnosis_code")
    known = beside(stays, rows).where(is_known).join(coded, on=["patient_id", "_row"], how="inner")
    found = (
        known.transform(_with_groups, dim_diagnosis, charlson_weights, elixhauser)
        .groupBy(*STAY)
        .agg(*(F.collect_set(name).alias(name) for name in ("_charlson", "_elixhauser", "_chronic")))
    )
    return found.select(*STAY, *_flags(), *_indices())


def _with_groups(
    coded: DataFrame, dim_diagnosis: DataFrame, weights: DataFrame, elixhauser: DataFrame
) -> DataFrame:
    """Return the codes with Charlson's group, Elixhauser's conditions and, where chronic, the category."""
    is_chronic = F.coalesce(F.col("is_chronic"), F.lit(False))
    codes = (
        dim_diagnosis.where(is_chronic | F.col("charlson_group").isNotNull())
        .join(F.broadcast(weights), on="charlson_group", how="left")
        .select(
            "diagnosis_code",
            F.when(
                F.col("charlson_group").isNotNull(),
                F.struct(
                    F.col("charlson_group").alias("name"),
                    F.col("weight").try_cast("int").alias("weight"),
                    F.coalesce("outweighed_by", F.lit("")).alias("outweighed_by"),
                ),
            ).alias("_charlson"),
            F.when(is_chronic, F.col("ccsr_category")).alias("_chronic"),
        )
    )
    conditions = elixhauser.select("code_prefix", F.col("counted_as").alias("_elixhauser"))
    prefixes = F.array(*(F.substring("diagnosis_code", 1, length) for length in PREFIX_LENGTHS))
    return (
        coded.join(F.broadcast(codes), on="diagnosis_code", how="left")
        .withColumn("code_prefix", F.explode(F.array_distinct(prefixes)))
        .join(F.broadcast(conditions), on="code_prefix", how="left")
    )


def _flags() -> list[Column]:
    charlson = [F.array_contains("_charlson.name", name).alias(name) for name in CHARLSON]
    return charlson + [F.array_contains("_elixhauser", name).alias(name) for name in ELIXHAUSER]


def _indices() -> list[Column]:
    counting = F.filter(
        "_charlson", lambda group: ~F.array_contains("_charlson.name", group["outweighed_by"])
    )
    index = F.aggregate(
        counting, F.lit(0), lambda so_far, group: so_far + F.coalesce(group["weight"], F.lit(0))
    )
    return [
        index.alias("charlson_index"),
        F.size("_elixhauser").alias("elixhauser_count"),
        F.size("_chronic").alias("chronic_condition_count"),
    ]
