"""Drugs that a patient has at home at the prediction time."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ml.features.stays import STAY, beside, in_months_before


def drugs(stays: DataFrame, medications: DataFrame, dim_drug: DataFrame) -> DataFrame:
    """Return the drugs whose supply covers the day, and how well supplies followed each other.

    What a hospital gives is no supply. A supply is dated by the day, so that one of the day itself may come
    after the prediction and is not seen. Stays of patients without a supply in 12 months have no row: not all
    pharmacies report.
    """
    day, at = F.to_date("predicted_at"), F.col("predicted_at")
    classes = dim_drug.select("drug_code", "drug_class")
    rows = (
        medications.where(F.col("source") != "administered")
        .select("patient_id", "drug_code", "ordered_at", "started_on", "ended_on", "gap_days")
        .join(F.broadcast(classes), on="drug_code", how="left")
    )
    is_known = (F.col("ordered_at") <= at) & in_months_before(F.col("started_on"), day)
    covers, gap = F.col("ended_on") >= day, F.col("gap_days")
    return (
        beside(stays, rows)
        .where(is_known)
        .groupBy(*STAY)
        .agg(
            F.size(F.collect_set(F.when(covers, F.col("drug_code")))).alias("active_drugs"),
            F.size(F.collect_set(F.when(covers, F.col("drug_class")))).alias("active_drug_classes"),
            F.avg(F.when(gap.isNotNull(), F.greatest(gap, F.lit(0)))).alias("supply_gap_days"),
        )
    )
