"""Encounter rows that belong to one acute stay, and the stay they make.

Interim bills, repeats under another number and overlapping rows are one stay where they touch or overlap at
one facility, directly or through others (A and B, B and C: one stay).
"""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

NEVER = "9999-12-31 00:00:00"
"""Stands for the end of a row that is still open, so that it touches all that comes after."""
FROM_FIRST = ("patient_sk", "facility_sk", "payer_id", "payer_sk", "admit_type", "admit_source",
              "admitting_diagnosis_code", "admitting_diagnosis_sk", "unit", "age_at_admission",
              "is_admitted_from_emergency")  # fmt: skip
"""What is known on admission: of the row admitted earliest, ties by the smallest `encounter_id`."""
FROM_LAST = ("provider_id", "provider_sk", "drg", "discharge_disposition")
"""What is known at discharge: of the row that ends last, ties by the earliest admitted."""


def merged(rows: DataFrame) -> DataFrame:
    """Return one row per stay of inpatient rows; `discharged_at` is null while any of its rows is open."""
    of_facility = Window.partitionBy("patient_id", "facility_id").orderBy("admitted_at", "encounter_id")
    never = F.lit(NEVER).cast("timestamp")
    end = F.coalesce("discharged_at", never)
    before = F.max(end).over(of_facility.rowsBetween(Window.unboundedPreceding, -1))
    begins = before.isNull() | (F.col("admitted_at") > before)
    numbered = rows.withColumns(
        {"_end": end, "_begins": begins.cast("int"), "_rank": F.row_number().over(of_facility)}
    ).withColumn("_stay", F.sum("_begins").over(of_facility))
    return numbered.groupBy("patient_id", "facility_id", "_stay").agg(
        _first("encounter_id"),
        F.min("admitted_at").alias("admitted_at"),
        F.nullif(F.max("_end"), never).alias("discharged_at"),
        *(_first(name) for name in FROM_FIRST),
        *(_last(name) for name in FROM_LAST),
        _first_known("principal_diagnosis_code"),
        F.sort_array(F.collect_list("encounter_id")).alias("encounter_ids"),
    )


def _first(name: str) -> Column:
    return F.min_by(name, "_rank").alias(name)


def _last(name: str) -> Column:
    return F.max_by(name, F.struct(F.col("_end"), -F.col("_rank"))).alias(name)


def _first_known(name: str) -> Column:
    known = F.when(F.col(name).isNotNull(), F.struct("_rank", name))
    return F.min(known).getField(name).alias(name)
