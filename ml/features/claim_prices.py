"""Prices against the usual: of the same service, and of the same patient."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from ml.features.claim_norms import MONTH, norms, sums_before, with_earlier

SERVICE = ["claim_form", "_code", "_place", "_is_overnight"]
"""What makes a service comparable in price."""
UNITS = ["claim_form", "_code"]
PRICE = "_log_price"


def with_prices(claims: DataFrame) -> DataFrame:
    """Return the claims with their deviation from the usual price and from the usual number of units.

    A facility charges by a list of its own, some multiple of what payers allow; it is taken out by its
    earlier claims, as far as payers had decided them.
    """
    charged = with_earlier(claims, _charges(claims), ["facility_id"])
    markup = F.log(F.col("_charged").cast("double") / F.col("_allowed").cast("double"))
    priced = charged.withColumn(PRICE, F.when(F.col("_allowed") > 0, F.col("log_billed") - markup))
    usual = norms(priced, SERVICE, PRICE, "_price")
    units = norms(claims.where(F.col("units") > 0), UNITS, "units", "_units")
    compared = with_earlier(with_earlier(priced, usual, SERVICE), units, UNITS)
    deviation = F.col(PRICE) - F.col("_price_median")
    return compared.withColumns(
        {
            "price_deviation": deviation,
            "price_score": F.when(F.col("_price_spread") > 0, deviation / F.col("_price_spread")),
            "units_ratio": F.col("units") / F.col("_units_median"),
        }
    )


def with_own_level(priced: DataFrame) -> DataFrame:
    """Return the claims with their deviation less the median one of the patient's earlier claims."""
    earlier = Window.partitionBy("patient_id").orderBy("_second").rangeBetween(Window.unboundedPreceding, -1)
    before = F.when(F.col("_is_original"), F.col("price_deviation"))
    own = F.percentile_approx(before, 0.5).over(earlier)
    return priced.withColumn("price_above_own", F.col("price_deviation") - own)


def _charges(claims: DataFrame) -> DataFrame:
    """Return what each facility had charged and been allowed, by the month of the decision."""
    is_paid: Column = (F.col("claim_status") == "paid") & (F.col("allowed_amount") > 0)
    decided = claims.where(is_paid).select(
        "facility_id",
        F.trunc("adjudicated_at", "month").alias(MONTH),
        F.col("billed_amount").alias("_billed"),
        F.col("allowed_amount").alias("_paid"),
    )
    # Every month that claims are submitted in gets a row, whether or not something was decided in it.
    months = (
        claims.select("facility_id", MONTH).distinct().withColumns({"_billed": F.lit(0), "_paid": F.lit(0)})
    )
    all_months = decided.unionByName(months)
    return sums_before(all_months, ["facility_id"], _charged=F.col("_billed"), _allowed=F.col("_paid"))
