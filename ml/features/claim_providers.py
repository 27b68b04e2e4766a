"""What a provider bills in a day, how it compares with peers, and who sends patients where."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from ml.features.claim_contacts import HIGH_LEVELS, LEVELS
from ml.features.claim_norms import share, sums_before, with_earlier
from ml.features.exact import exact

PRIOR_CLAIMS = 10
"""Claims' worth of what is usual that a share starts from, so that a few claims do not make a pattern."""
FAR_FROM_CONTACT = 12
"""Days from any contact from which on a service looks odd."""
CROWDED_VISIT = 2
"""Earlier claims of a visit from which on another one looks odd."""


def with_days(claims: DataFrame) -> DataFrame:
    """Return the claims with what the provider had billed for the day of service, this claim included."""
    day = _until("provider_id", "service_from")
    original = F.col("_is_original")
    return claims.withColumns(
        {
            "provider_day_claims": F.count_if(original).over(day),
            "provider_day_patients": F.size(F.collect_set(F.when(original, F.col("patient_id"))).over(day)),
            "provider_day_units": F.sum(F.when(original, F.col("units"))).over(day),
        }
    )


def with_history(claims: DataFrame) -> DataFrame:
    """Return the claims with the provider's claims of the months before, and the shares that looked odd."""
    before = (
        Window.partitionBy("provider_id").orderBy("_month_number").rangeBetween(Window.unboundedPreceding, -1)
    )
    count = F.count_if(F.col("_is_original")).over(before)
    odd = {
        name: F.coalesce(
            F.sum(F.when(F.col("_is_original"), measure)).over(before).cast("double"), F.lit(0.0)
        )
        / (count + PRIOR_CLAIMS)
        for name, measure in _oddities().items()
    }
    return claims.withColumns({"provider_claims_before": count} | odd)


def _oddities() -> dict[str, Column]:
    """Return what is odd about a claim by itself, whose mean over a provider's claims says more than one."""
    odd = {
        "provider_repeat_share": (F.col("repeat_count") > 0) & ~F.col("is_repeat_of_denied"),
        "provider_far_share": F.col("contact_gap_days") >= FAR_FROM_CONTACT,
        "provider_unrecorded_level_share": ~F.col("is_level_on_record"),
        "provider_crowded_visit_share": F.col("visit_claims_before") >= CROWDED_VISIT,
    }
    return {name: holds.cast("int") for name, holds in odd.items()} | {
        "provider_price_level": exact(F.col("price_above_own"))
    }


def with_levels(rows: DataFrame, claims: DataFrame) -> DataFrame:
    """Return the rows with the provider's earlier share of high levels less that of the specialty."""
    visits = {
        "levelled": F.col("procedure_code").isin(*LEVELS).cast("int"),
        "high": F.col("procedure_code").isin(*HIGH_LEVELS).cast("int"),
    }
    own = sums_before(claims, ["provider_id"], **{f"_own_{name}": value for name, value in visits.items()})
    peers = sums_before(claims, ["_specialty"], **{f"_peer_{name}": value for name, value in visits.items()})
    known = with_earlier(with_earlier(rows, own, ["provider_id"]), peers, ["_specialty"])
    usual = share(F.col("_peer_high"), F.col("_peer_levelled"))
    shrunk = (F.col("_own_high") + PRIOR_CLAIMS * usual) / (F.col("_own_levelled") + PRIOR_CLAIMS)
    return known.withColumn("provider_high_level_excess", shrunk - usual)


def with_referrals(rows: DataFrame, claims: DataFrame) -> DataFrame:
    """Return the rows with how closely referrer and facility are tied, by all claims of the months before."""
    referred = claims.where(F.col("referring_provider_id").isNotNull() & F.col("_is_original"))
    pair, sender, receiver = ["referring_provider_id", "facility_id"], "referring_provider_id", "facility_id"
    known = with_earlier(rows, sums_before(referred, pair, _sent_there=F.lit(1)), pair)
    known = with_earlier(known, sums_before(referred, [sender], _sent=F.lit(1)), [sender])
    known = with_earlier(known, sums_before(referred, [receiver], _received=F.lit(1)), [receiver])
    is_referred = F.col(sender).isNotNull()
    of_sender = F.col("_sent_there") / (F.col("_sent") + PRIOR_CLAIMS)
    of_receiver = F.col("_sent_there") / (F.col("_received") + PRIOR_CLAIMS)
    return known.withColumns(
        {
            "referrer_share_to_facility": F.when(is_referred, F.coalesce(of_sender, F.lit(0.0))),
            "facility_share_from_referrer": F.when(is_referred, F.coalesce(of_receiver, F.lit(0.0))),
        }
    )


def with_rarity(rows: DataFrame, claims: DataFrame) -> DataFrame:
    """Return the rows with how rare their code is among a facility's claims: minus the log of its share."""
    key = ["facility_id", "claim_form", "_code"]
    known = with_earlier(rows, sums_before(claims, key, _same=F.lit(1)), key)
    known = with_earlier(known, sums_before(claims, ["facility_id"], _any=F.lit(1)), ["facility_id"])
    usual = (F.col("_same") + 1) / (F.col("_any") + PRIOR_CLAIMS)
    return known.withColumn("code_rarity_at_facility", -F.log(usual))


def _until(*keys: str) -> WindowSpec:
    return Window.partitionBy(*keys).orderBy("_second").rangeBetween(Window.unboundedPreceding, 0)
