"""What was billed and paid for a patient before the as-of date, as far as it was decided then."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from ml.features.as_of import AS_OF, distinct, known_by, within
from ml.features.exact import exact

WINDOWS = (3, 6, 12)
"""Months of service looked back on."""
YEAR = 12
PRIOR_CLAIMS = 2
"""Claims at the usual price that a patient's level of prices starts from."""


def spending(claims: DataFrame, dates: DataFrame) -> DataFrame:
    """Return sums and counts of the claims submitted by each as-of date; amounts only where decided by then.

    All versions count, reversals negative, so that sums are net of what had been corrected by then.
    """
    known = known_by(claims, dates, "submitted_at")
    amounts = {name: amount_if_decided(name) for name in ("allowed", "paid", "patient")}
    rows = known.withColumns(amounts | {"_decided": F.coalesce(_is_decided(), F.lit(False))})
    return rows.groupBy(*AS_OF).agg(*_amounts(), *_counts())


def _amounts() -> list[Column]:
    service = F.col("service_from")
    recent = [
        summed(name, within(service, months)).alias(f"{name}_{months}m")
        for name in ("allowed", "paid")
        for months in WINDOWS
    ]
    year, is_form = within(service, YEAR), F.col("claim_form") == "institutional"
    return [
        *recent,
        summed("allowed", ~year).alias("allowed_before"),
        summed("paid", ~year).alias("paid_before"),
        summed("patient", year).alias("patient_share_12m"),
        summed("allowed", year & is_form).alias("institutional_allowed_12m"),
        F.max(F.when(year, F.col("allowed"))).alias("largest_allowed_12m"),
        summed("billed_amount", ~F.col("_decided")).alias("billed_pending"),
        *(
            usual_price(F.col("claim_form") == form).alias(f"log_{form}_allowed")
            for form in ("institutional", "professional")
        ),
    ]


def _counts() -> list[Column]:
    original, year = F.col("claim_version") == "original", within(F.col("service_from"), YEAR)
    denied = F.col("_decided") & (F.col("claim_status") == "denied")
    return [
        F.count_if(original & year).alias("claim_count_12m"),
        F.count_if(original & ~year).alias("claim_count_before"),
        F.count_if(original & year & denied).alias("denied_count_12m"),
        distinct(F.when(year, F.trunc("service_from", "month"))).alias("months_with_claims_12m"),
        distinct(F.when(year, F.col("provider_id"))).alias("billing_provider_count_12m"),
    ]


def _is_decided() -> Column:
    return F.col("adjudicated_at") <= F.col("predicted_at")


def amount_if_decided(name: str) -> Column:
    """Return an amount of a claim, such as `allowed`, if the payer had decided by the as-of date."""
    return F.when(_is_decided(), F.col(f"{name}_amount"))


def summed(amount: str, holds: Column) -> Column:
    """Return the sum of an amount over the claims for which something holds, 0 without any."""
    return F.coalesce(F.sum(F.when(holds, F.col(amount))), F.lit(0))


def usual_price(holds: Column) -> Column:
    """Return the mean of the logarithm of `allowed` over some claims: how dear this patient's care is."""
    price = F.when(holds & (F.col("allowed") > 0), F.log(F.col("allowed").cast("double")))
    return F.avg(exact(price)).cast("double")


def price_level(features_claims: DataFrame, dates: DataFrame) -> DataFrame:
    """Return how dear the patient's care was for what it was, as a logarithm; 0 is usual.

    The same service costs more for the sicker and by the dearer payer, and will again.
    """
    originals = features_claims.where(F.col("claim_version") == "original").select(
        "patient_id", "price_deviation", F.col("predicted_at").alias("submitted_at")
    )
    rows = known_by(originals, dates, "submitted_at")
    deviation = F.col("price_deviation")
    level = F.sum(exact(deviation)).cast("double") / (F.count(deviation) + PRIOR_CLAIMS)
    return rows.groupBy(*AS_OF).agg(F.coalesce(level, F.lit(0.0)).alias("price_level"))
