"""Index stays and readmissions by the CMS hospital-wide readmission measure (HWR)."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.gold.measures.index_exclusions import all_reasons, first_reason
from jobs.gold.measures.next_stays import WINDOWS, complete_column, with_follow_up, with_next_stay
from jobs.gold.measures.planned_care import planned_rule, with_procedures

CONTRACT = neighbour(__file__)


def readmission_index(
    fact_stays: DataFrame,
    fact_procedures: DataFrame,
    dim_diagnosis: DataFrame,
    readmission_procedures: DataFrame,
    deliveries: DataFrame,
) -> DataFrame:
    """Return one row per stay: index or why not, planned or not, and whether the patient came back.

    A readmission is the first unplanned stay at any hospital, counted against the last hospital of a transfer
    chain; where the first return is planned, later ones do not count.
    """
    return (
        fact_stays.transform(_with_condition, dim_diagnosis)
        .transform(with_procedures, fact_procedures, readmission_procedures)
        .withColumn("planned_rule", planned_rule())
        .withColumn("is_planned", F.col("planned_rule").isNotNull())
        .transform(with_next_stay)
        .transform(with_follow_up, deliveries)
        .withColumns(
            {
                "cohort": _cohort(),
                "exclusion_reasons": all_reasons(),
                "first_exclusion_reason": first_reason(),
            }
        )
        .withColumn("is_index", F.col("first_exclusion_reason").isNull())
        .withColumns(_returns())
        .select(*CONTRACT.select())
    )


def _with_condition(stays: DataFrame, dim_diagnosis: DataFrame) -> DataFrame:
    codes = dim_diagnosis.select(
        "diagnosis_sk",
        F.col("ccsr_category").alias("condition"),
        "is_always_planned",
        "is_acute",
        "readmission_exclusion",
        "readmission_cohort",
    )
    principal = stays.principal_diagnosis_sk == codes.diagnosis_sk
    return stays.join(F.broadcast(codes), on=principal, how="left").drop("diagnosis_sk")


def _cohort() -> Column:
    return F.when(F.col("has_surgery"), "surgery_gynecology").otherwise(
        F.coalesce("readmission_cohort", F.lit("medicine"))
    )


def _returns() -> dict[str, Column]:
    days = F.col("days_to_next")
    is_unplanned = F.col("is_index") & ~F.coalesce(F.col("next_is_planned"), F.lit(True))
    counts = is_unplanned & (days <= max(WINDOWS))
    flags = {
        f"readmitted_{window}d": F.when(
            F.col("is_index") & F.col(complete_column(window)),
            F.coalesce(is_unplanned & (days <= window), F.lit(False)),
        )
        for window in WINDOWS
    }
    return flags | {
        "days_to_readmission": F.when(counts, days),
        "readmission_encounter_id": F.when(counts, F.col("next_encounter_id")),
        "readmission_facility_id": F.when(counts, F.col("next_facility_id")),
    }
