"""ICD-10-CM codes with the groups they fall in."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)
PREFIX_LENGTHS = (3, 4)
"""Charlson groups are defined by categories and by subcategories of one more character."""


def dim_diagnosis(
    icd10cm: DataFrame,
    ccsr: DataFrame,
    ccsr_categories: DataFrame,
    charlson: DataFrame,
    ccir: DataFrame,
    readmission_codes: DataFrame,
) -> DataFrame:
    """Return one row per ICD-10-CM code with its CCSR category, its groups and its part in CMS measures."""
    grouped = (
        icd10cm.join(ccsr, on="diagnosis_code", how="left")
        .join(ccsr_categories, on="ccsr_category", how="left")
        .join(ccir, on="diagnosis_code", how="left")
        .join(readmission_codes, on="diagnosis_code", how="left")
        .fillna(value=False, subset=["is_always_planned", "is_acute"])
        .transform(_with_charlson_group, charlson)
    )
    keyed = grouped.withColumn("diagnosis_sk", surrogate_key(F.col("diagnosis_code")))
    return keyed.select(*CONTRACT.select())


def _with_charlson_group(codes: DataFrame, charlson: DataFrame) -> DataFrame:
    groups = []
    for length in PREFIX_LENGTHS:
        group = f"_group_{length}"
        prefixes = charlson.select(
            F.col("code_prefix").alias(f"_prefix_{length}"), F.col("charlson_group").alias(group)
        )
        matches = F.substring("diagnosis_code", 1, length) == F.col(f"_prefix_{length}")
        codes = codes.join(F.broadcast(prefixes), on=matches, how="left")
        groups.append(F.col(group))
    return codes.withColumn("charlson_group", F.coalesce(*groups))
