"""What was coded, done and reported of the stay itself, by its end."""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.stays import STAY

CARE_COUNTS = ("diagnosis_count", "hospital_acquired_count", "procedure_count", "adverse_event_count")


def care_of_stay(
    stays: DataFrame, diagnoses: DataFrame, procedures: DataFrame, adverse_events: DataFrame
) -> DataFrame:
    """Return counts over all rows of a stay; procedures and events reported after its end don't count.

    A stay's coding carries no time: it is known at discharge.
    """
    rows = stays.select(*STAY, "predicted_at", F.explode("encounter_ids").alias("_row"))
    marks = [
        _marks(
            diagnoses, diagnosis=F.col("diagnosis_code"), is_acquired=F.col("present_on_admission") == "N"
        ),
        _marks(procedures, procedure=F.col("procedure_id"), known_at=F.col("performed_at")),
        _marks(adverse_events, event=F.col("adverse_event_id"), known_at=F.col("reported_at")),
    ]
    known = F.coalesce(F.col("known_at") <= F.col("predicted_at"), F.lit(True))
    found = reduce(lambda one, other: one.unionByName(other, allowMissingColumns=True), marks)
    acquired = F.when(F.col("is_acquired"), F.col("diagnosis"))
    return (
        rows.join(found, on=["patient_id", "_row"], how="inner")
        .where(known)
        .groupBy(*STAY)
        .agg(
            F.size(F.collect_set("diagnosis")).alias("diagnosis_count"),
            F.size(F.collect_set(acquired)).alias("hospital_acquired_count"),
            F.count("procedure").alias("procedure_count"),
            F.count("event").alias("adverse_event_count"),
        )
    )


def _marks(table: DataFrame, **columns: Column) -> DataFrame:
    named = [column.alias(name) for name, column in columns.items()]
    return table.select("patient_id", F.col("encounter_id").alias("_row"), *named)
