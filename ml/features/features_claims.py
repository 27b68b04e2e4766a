"""Claims as they are submitted, with how unusual they are; for finding anomalies."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from ml.features.claim_contacts import with_contacts
from ml.features.claim_norms import MONTH
from ml.features.claim_prices import with_own_level, with_prices
from ml.features.claim_providers import with_days, with_history, with_levels, with_rarity, with_referrals
from ml.features.claim_repeats import with_neighbours, with_repeats

CONTRACT = neighbour(__file__)
SATURDAY_AND_SUNDAY = (7, 1)


def features_claims(
    claims: DataFrame, fact_encounters: DataFrame, fact_procedures: DataFrame, providers: DataFrame
) -> DataFrame:
    """Return one row per claim version as of its submission.

    Nothing submitted later counts, nor what the payer decided on the claim. What compares with everybody
    comes from small tables by month; the rest takes two shuffles, by patient and by provider. The small
    tables are made of the claims alone, not of what the step before returned: the plan would grow
    several times over with each step.
    """
    alone = prepared(claims, providers)
    return (
        alone.transform(with_prices)
        .transform(with_levels, alone)
        .transform(with_referrals, alone)
        .transform(with_rarity, alone)
        .repartition("patient_id")
        .transform(with_contacts, fact_encounters, fact_procedures)
        .transform(with_own_level)
        .transform(with_neighbours)
        .transform(with_repeats)
        .transform(with_days)
        .transform(with_history)
        .select(*CONTRACT.select())
    )


def prepared(claims: DataFrame, providers: DataFrame) -> DataFrame:
    """Return the claims with what they say by themselves, and the columns that several steps need."""
    specialties = providers.select("provider_id", F.col("specialty").alias("_specialty"))
    return claims.join(F.broadcast(specialties), on="provider_id", how="left").withColumns(
        {
            "predicted_at": F.col("submitted_at"),
            "log_billed": F.log(F.greatest(F.abs("billed_amount").cast("double"), F.lit(1.0))),
            "days_to_submission": F.date_diff(F.to_date("submitted_at"), F.col("service_to")),
            "length_days": F.date_diff("service_to", "service_from"),
            "is_weekend": F.dayofweek("service_from").isin(*SATURDAY_AND_SUNDAY),
            "is_referred": F.col("referring_provider_id").isNotNull(),
            "has_distinct_modifier": F.col("modifier").eqNullSafe("XU"),
        }
        | _helpers()
    )


def _helpers() -> dict[str, Column]:
    """Return what several steps need; null codes and places compare as a value of their own."""
    month = F.trunc("submitted_at", "month")
    return {
        MONTH: month,
        "_month_number": F.year("submitted_at") * 12 + F.month("submitted_at"),
        "_second": F.unix_timestamp("submitted_at"),
        "_service_day": F.unix_date("service_from"),
        "_code": F.coalesce("procedure_code", F.lit("")),
        "_place": F.coalesce("place_of_service", F.lit("")),
        "_is_overnight": F.col("service_to") > F.col("service_from"),
        "_is_original": F.col("claim_version") == "original",
    }
