"""Whether a stay is planned care, by the CMS planned readmission algorithm."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

INPATIENT = "ICD10PCS"
"""The only code system that the prefixes are of: HCPCS codes may begin alike."""
LONGEST_PREFIX = 7
"""Characters of an ICD-10-PCS code."""
STAY = ["patient_id", "encounter_id"]
FOUND = ("has_always_planned_procedure", "has_potentially_planned_procedure", "has_surgery")


def with_procedures(stays: DataFrame, fact_procedures: DataFrame, kinds: DataFrame) -> DataFrame:
    """Return the stays with whether any of their rows has a procedure of each kind.

    `kinds` says by prefixes of codes which procedures are planned always or potentially, and which surgery.
    """
    rows = stays.select(*STAY, F.explode("encounter_ids").alias("_row"))
    coded = fact_procedures.where(F.col("code_system") == INPATIENT)
    done = coded.select("patient_id", F.col("encounter_id").alias("_row"), "procedure_code")
    kinds_of_codes = _kinds_of_codes(coded.select("procedure_code").distinct(), kinds)
    found = (
        rows.join(done, on=["patient_id", "_row"], how="inner")
        .join(F.broadcast(kinds_of_codes), on="procedure_code", how="inner")
        .groupBy(*STAY)
        .agg(*(F.bool_or(name).alias(name) for name in FOUND))
    )
    return stays.join(found, on=STAY, how="left").fillna(value=False, subset=list(FOUND))


def planned_rule() -> Column:
    """Return the rule by which a stay is planned, null where it is not or its diagnosis is not known yet."""
    named = (
        F.when(F.col("has_always_planned_procedure"), "always_planned_procedure")
        .when(F.col("is_always_planned"), "always_planned_diagnosis")
        .when(
            F.col("has_potentially_planned_procedure") & ~F.coalesce(F.col("is_acute"), F.lit(False)),
            "potentially_planned_procedure",
        )
    )
    return F.when(F.col("principal_diagnosis_code").isNotNull(), named)


def _kinds_of_codes(codes: DataFrame, kinds: DataFrame) -> DataFrame:
    prefixes = F.array(*(F.substring("procedure_code", 1, length) for length in range(1, LONGEST_PREFIX + 1)))
    begun = codes.select("procedure_code", F.explode(F.array_distinct(prefixes)).alias("code_prefix"))
    matched = begun.join(F.broadcast(kinds), on="code_prefix", how="inner")
    kind = F.col("planned_kind")
    return matched.groupBy("procedure_code").agg(
        F.bool_or(kind.eqNullSafe("always")).alias(FOUND[0]),
        F.bool_or(kind.eqNullSafe("potentially")).alias(FOUND[1]),
        F.bool_or(F.col("is_surgery") == "true").alias(FOUND[2]),
    )
