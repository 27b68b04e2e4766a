"""How a patient used care before a stay: hospital stays, visits, what they cost."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from ml.features.stays import LOOK_BACK_MONTHS, STAY, beside, in_months_before

RETURN_DAYS = 30
VISITS = {
    "outpatient_visits_12m": "outpatient",
    "telehealth_visits_12m": "telehealth",
    "observation_visits_12m": "observation",
}


def earlier_stays(stays: DataFrame, fact_stays: DataFrame) -> DataFrame:
    """Return what is known of the stays that had ended when this one began.

    A chain of transfers is one admission; the legs before this one in its own chain are none.
    """
    admitted = F.col("admitted_at")
    ended = (F.col("_ended") <= admitted) & (F.col("_chain") != F.col("chain_id"))
    in_year = in_months_before(F.col("_began"), admitted)
    in_half_year = in_months_before(F.col("_began"), admitted, 6)
    ended_in_year = F.col("_ended") >= admitted - F.make_interval(months=F.lit(LOOK_BACK_MONTHS))
    return (
        beside(stays, _past(fact_stays), "chain_id")
        .where(ended)
        .groupBy(*STAY)
        .agg(
            F.count_if(in_half_year & F.col("_begins")).alias("admissions_6m"),
            F.count_if(in_year & F.col("_begins")).alias("admissions_12m"),
            F.count_if(in_year & F.col("_is_return")).alias("returns_12m"),
            F.sum(F.when(ended_in_year, F.col("_days"))).alias("bed_days_12m"),
            F.min(F.date_diff(admitted, "_ended")).alias("days_since_last_discharge"),
        )
    )


def _past(fact_stays: DataFrame) -> DataFrame:
    """Return all stays, each with whether it began within 30 days of the patient's discharge before."""
    before = F.lag("discharged_at").over(
        Window.partitionBy("patient_id").orderBy("admitted_at", "encounter_id")
    )
    begins = F.col("chain_position") == 1
    is_soon = F.date_diff("admitted_at", before) <= RETURN_DAYS
    return fact_stays.select(
        "patient_id",
        F.col("chain_id").alias("_chain"),
        F.col("admitted_at").alias("_began"),
        F.col("discharged_at").alias("_ended"),
        F.col("los_days").alias("_days"),
        begins.alias("_begins"),
        (begins & is_soon & (before <= F.col("admitted_at"))).alias("_is_return"),
    )


def earlier_visits(stays: DataFrame, encounters: DataFrame) -> DataFrame:
    """Return the visits that began before the stay, and how long the patient is in the data.

    An emergency visit counts when it was over before the admission: the one that led to it does not.
    """
    admitted, began = F.col("admitted_at"), F.col("_began")
    is_emergency = (F.col("encounter_type") == "emergency") & (F.col("_ended") < admitted)
    in_year = in_months_before(began, admitted)
    kinds = {name: in_year & (F.col("encounter_type") == kind) for name, kind in VISITS.items()}
    counted = kinds | {
        "emergency_visits_6m": is_emergency & in_months_before(began, admitted, 6),
        "emergency_visits_12m": is_emergency & in_year,
    }
    rows = encounters.select(
        "patient_id",
        "encounter_type",
        F.col("admitted_at").alias("_began"),
        F.col("discharged_at").alias("_ended"),
    )
    return (
        beside(stays, rows)
        .where(began < admitted)
        .groupBy(*STAY)
        .agg(
            *(F.count_if(which).alias(name) for name, which in counted.items()),
            F.max(F.date_diff(admitted, began)).alias("history_days"),
        )
    )


def cost(stays: DataFrame, claims: DataFrame) -> DataFrame:
    """Return claims and money for services of the last 12 months, as far as known at the prediction time.

    A claim is known when it was submitted, what is allowed for it when the payer has decided. Reversals and
    adjustments bear amounts of their own, so that the sum is the net known by then.
    """
    at = F.col("predicted_at")
    rows = claims.select(
        "patient_id", "claim_version", "service_from", "submitted_at", "adjudicated_at", "allowed_amount"
    )
    is_known = (F.col("submitted_at") <= at) & in_months_before(F.col("service_from").cast("timestamp"), at)
    return (
        beside(stays, rows)
        .where(is_known)
        .groupBy(*STAY)
        .agg(
            F.count_if(F.col("claim_version") == "original").alias("claims_12m"),
            F.sum(_decided("allowed_amount", at)).alias("allowed_amount_12m"),
        )
    )


def _decided(amount: str, at: Column) -> Column:
    return F.when(F.col("adjudicated_at") <= at, F.col(amount))
