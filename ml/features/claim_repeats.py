"""Claims beside a claim: of the same visit, and of the same service once more.

All looked at were submitted before. Only originals count: a correction repeats its claim by nature.
"""

from collections.abc import Callable

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

NEAR_DAYS = 2
"""Days of service apart within which the same code is the same service again."""
SAME_PRICE = 0.12
"""Difference of the logarithms of two prices up to which one repeats the other."""
LONGEST_DAYS = 60
"""Days of submission apart within which a claim can repeat another."""
SECONDS_PER_DAY, SECONDS_PER_MINUTE = 86_400, 60


def with_neighbours(claims: DataFrame) -> DataFrame:
    """Return the claims with counts of the patient's earlier ones at the same visit and on the same day."""
    original = F.col("_is_original").cast("int")
    visit = _earlier("patient_id", "provider_id", "service_from")
    pair = _earlier("patient_id", "provider_id")
    last = F.max(F.when(F.col("_is_original"), F.col("_second"))).over(pair)
    return claims.withColumns(
        {
            "visit_claims_before": _none_is_zero(F.sum(original).over(visit)),
            "patient_day_claims_before": _none_is_zero(
                F.sum(original).over(_earlier("patient_id", "service_from"))
            ),
            "pair_claims_before": _none_is_zero(F.sum(original).over(pair)),
            "minutes_since_pair_claim": (F.col("_second") - last) / SECONDS_PER_MINUTE,
        }
    )


def with_repeats(claims: DataFrame) -> DataFrame:
    """Return the claims with how many of the patient's earlier ones billed the same service, and how alike.

    A claim sent again after a denial that was known is honest more often than not, so it is told apart.
    """
    near = (
        Window.partitionBy("patient_id", "claim_form", "_code", "units")
        .orderBy("_service_day")
        .rangeBetween(-NEAR_DAYS, NEAR_DAYS)
    )
    one = F.struct("_second", "log_billed", "provider_id", "service_from", "claim_status", "adjudicated_at")
    beside = F.collect_list(F.when(F.col("_is_original"), one)).over(near)
    alike = claims.withColumn("_beside", beside).withColumn("_alike", F.filter("_beside", _is_repeated))
    return alike.withColumns(
        {
            "repeat_count": F.when(F.col("_is_original"), F.size("_alike")).otherwise(0),
            "days_since_repeated": (F.col("_second") - F.array_max(_of("_second"))) / SECONDS_PER_DAY,
            "repeat_price_change": F.array_min(F.transform("_alike", _price_change)),
            "is_repeat_of_denied": _any(_was_denied),
            "is_repeat_redated": _any(lambda claim: claim["service_from"] != F.col("service_from")),
            "is_repeat_by_other": _any(lambda claim: claim["provider_id"] != F.col("provider_id")),
        }
    ).drop("_beside", "_alike")


def _is_repeated(claim: Column) -> Column:
    waited = F.col("_second") - claim["_second"]
    in_time = (waited > 0) & (waited <= LONGEST_DAYS * SECONDS_PER_DAY)
    return in_time & (_price_change(claim) <= SAME_PRICE)


def _price_change(claim: Column) -> Column:
    return F.abs(F.col("log_billed") - claim["log_billed"])


def _was_denied(claim: Column) -> Column:
    known = claim["adjudicated_at"] <= F.col("submitted_at")
    return F.coalesce(known & (claim["claim_status"] == "denied"), F.lit(False))


def _of(name: str) -> Column:
    return F.transform("_alike", lambda claim: claim[name])


def _any(test: Callable[[Column], Column]) -> Column:
    return F.col("_is_original") & F.exists("_alike", test)


def _earlier(*keys: str) -> WindowSpec:
    return Window.partitionBy(*keys).orderBy("_second").rangeBetween(Window.unboundedPreceding, -1)


def _none_is_zero(count: Column) -> Column:
    return F.coalesce(count, F.lit(0))
