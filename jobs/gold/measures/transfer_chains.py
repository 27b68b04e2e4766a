"""Stays that follow each other as one episode: transfers from one hospital to the next."""

from pyspark.sql import DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

LATEST_TRANSFER_DAY = 1
"""Calendar days after discharge on which an admission elsewhere is a transfer, whatever the codes say."""


def of_patient() -> WindowSpec:
    """Return a patient's stays in the order they began."""
    return Window.partitionBy("patient_id").orderBy("admitted_at", "encounter_id")


def chained(stays: DataFrame) -> DataFrame:
    """Return the stays with `chain_id` (the first leg's `encounter_id`), position and whether transferred."""
    in_order = of_patient()
    elsewhere = F.lead("facility_id").over(in_order) != F.col("facility_id")
    gap = F.date_diff(F.to_date(F.lead("admitted_at").over(in_order)), F.to_date("discharged_at"))
    transferred = F.coalesce(elsewhere & (gap <= LATEST_TRANSFER_DAY), F.lit(False))
    marked = stays.withColumn("is_transferred_out", transferred)
    begins = ~F.coalesce(F.lag("is_transferred_out").over(in_order), F.lit(False))
    so_far = in_order.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    named = marked.withColumn("_begins", begins).withColumn(
        "chain_id", F.last(F.when(F.col("_begins"), F.col("encounter_id")), ignorenulls=True).over(so_far)
    )
    legs = Window.partitionBy("patient_id", "chain_id").orderBy("admitted_at", "encounter_id")
    return named.withColumn("chain_position", F.row_number().over(legs))
