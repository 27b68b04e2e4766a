"""Stays that follow each other as one episode: transfers from one hospital to the next."""

from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

OF_PATIENT = Window.partitionBy("patient_id").orderBy("admitted_at", "encounter_id")
"""A patient's stays in the order they began."""
LATEST_TRANSFER_DAY = 1
"""Calendar days after discharge on which an admission elsewhere is a transfer, whatever the codes say."""


def chained(stays: DataFrame) -> DataFrame:
    """Return the stays with `chain_id` (the first leg's `encounter_id`), position and whether transferred."""
    elsewhere = F.lead("facility_id").over(OF_PATIENT) != F.col("facility_id")
    gap = F.date_diff(F.to_date(F.lead("admitted_at").over(OF_PATIENT)), F.to_date("discharged_at"))
    transferred = F.coalesce(elsewhere & (gap <= LATEST_TRANSFER_DAY), F.lit(False))
    marked = stays.withColumn("is_transferred_out", transferred)
    begins = ~F.coalesce(F.lag("is_transferred_out").over(OF_PATIENT), F.lit(False))
    so_far = OF_PATIENT.rowsBetween(Window.unboundedPreceding, Window.currentRow)
    named = marked.withColumn("_begins", begins).withColumn(
        "chain_id", F.last(F.when(F.col("_begins"), F.col("encounter_id")), ignorenulls=True).over(so_far)
    )
    legs = Window.partitionBy("patient_id", "chain_id").orderBy("admitted_at", "encounter_id")
    return named.withColumn("chain_position", F.row_number().over(legs))
