"""Drugs that a patient had begun by the as-of date, and what they cost."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ml.features.as_of import AS_OF, distinct, known_by, within

RECENT, YEAR = 3, 12


def drugs(fact_medications: DataFrame, dim_drug: DataFrame, dates: DataFrame) -> DataFrame:
    """Return cost and variety of drugs per patient and as-of date; a refill is known when it starts."""
    classes = dim_drug.select("drug_sk", "drug_class")
    rows = known_by(fact_medications, dates, "ordered_at").where(F.col("started_on") <= F.col("as_of"))
    recent, year = within(F.col("started_on"), RECENT), within(F.col("started_on"), YEAR)
    cost = F.col("total_cost")
    return (
        rows.join(F.broadcast(classes), on="drug_sk", how="left")
        .groupBy(*AS_OF)
        .agg(
            F.coalesce(F.sum(F.when(recent, cost)), F.lit(0)).alias("drug_cost_3m"),
            F.coalesce(F.sum(F.when(year, cost)), F.lit(0)).alias("drug_cost_12m"),
            F.count_if(year).alias("drug_count_12m"),
            distinct(F.when(year, F.col("drug_class"))).alias("drug_class_count_12m"),
            distinct(F.when(recent, F.col("drug_class"))).alias("drug_class_count_3m"),
        )
    )
