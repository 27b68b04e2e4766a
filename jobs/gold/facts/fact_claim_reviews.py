"""Reviews of claims with the claim they are about: the labels that models of fraud learn from."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_version

CONTRACT = neighbour(__file__)
CLAIM = ["patient_id", "claim_id"]
DESCRIBED = ("provider_id", "facility_id", "service_from", "billed_amount", "allowed_amount", "paid_amount")
CLEARED, FRAUD = ("no_finding", "overpayment_error"), ("suspected_fraud", "confirmed_fraud")


def fact_claim_reviews(claim_reviews: DataFrame, claims: DataFrame, dim_patient: DataFrame) -> DataFrame:
    """Return one row per review; `is_fraud` is null while it is open and where it has no known finding.

    A suspicion counts as fraud: reviewers rarely accuse the honest, and proof comes late or never.
    """
    reviewed = claims.select(*CLAIM, *DESCRIBED, F.to_date("submitted_at").alias("submitted_on"))
    return (
        claim_reviews.join(reviewed, on=CLAIM, how="left")
        .transform(with_patient_version, dim_patient, F.col("service_from"))
        .withColumns(_outcome() | _keys())
        .select(*CONTRACT.select())
    )


def _outcome() -> dict[str, Column]:
    finding = F.col("finding")
    return {
        "is_open": F.col("reviewed_on").isNull(),
        "is_fraud": F.when(finding.isin(*CLEARED, *FRAUD), finding.isin(*FRAUD)),
        "days_to_selection": F.date_diff("selected_on", "submitted_on"),
        "days_to_review": F.date_diff("reviewed_on", "selected_on"),
    }


def _keys() -> dict[str, Column]:
    return {
        "provider_sk": reference_key(F.col("provider_id")),
        "facility_sk": reference_key(F.col("facility_id")),
        "selected_date_key": date_key(F.col("selected_on")),
        "reviewed_date_key": date_key(F.col("reviewed_on")),
    }
