"""What the care of patients cost in the 12 months after the as-of date: what models learn."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from ml.features.as_of import AS_OF, last_second

CONTRACT = neighbour(__file__)
MONTHS = 12


def outcome_high_cost(features_high_cost: DataFrame, claims: DataFrame, deliveries: DataFrame) -> DataFrame:
    """Return one row per row of the features; amounts are null until all of the window has been delivered.

    Services of the window count, whenever they are billed. Those of its last weeks may be billed and decided
    after the data ends; `run_out_days` says how long that has been waited for.
    """
    horizon = deliveries.agg(F.max("data_through").alias("_through"))
    ends = F.add_months("as_of", MONTHS)
    windows = (
        features_high_cost.select(*AS_OF)
        .withColumn("window_end", ends)
        .crossJoin(F.broadcast(horizon))
        .withColumn("run_out_days", F.date_diff(F.to_date("_through"), F.col("window_end")))
        .withColumn("is_complete", last_second(F.col("window_end")) <= F.col("_through"))
    )
    return (
        windows.join(_cost(windows, claims), on=AS_OF, how="left")
        .withColumns(
            {
                name: _if_complete(name)
                for name in ("paid_next_12m", "allowed_next_12m", "claim_count_next_12m")
            }
        )
        .select(*CONTRACT.select())
    )


def _cost(windows: DataFrame, claims: DataFrame) -> DataFrame:
    inside = (F.col("service_from") > F.col("as_of")) & (F.col("service_from") <= F.col("window_end"))
    billed = claims.select("patient_id", "service_from", "claim_version", "paid_amount", "allowed_amount")
    return (
        windows.join(billed, on="patient_id", how="inner")
        .where(inside)
        .groupBy(*AS_OF)
        .agg(
            F.sum("paid_amount").alias("paid_next_12m"),
            F.sum("allowed_amount").alias("allowed_next_12m"),
            F.count_if(F.col("claim_version") == "original").alias("claim_count_next_12m"),
        )
    )


def _if_complete(name: str) -> Column:
    return F.when(F.col("is_complete"), F.coalesce(name, F.lit(0)))
