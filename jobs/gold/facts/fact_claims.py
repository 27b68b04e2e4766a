"""Claims: originals, adjustments and reversals as rows, with the net of each claim."""

from pyspark.sql import Column, DataFrame, Window, WindowSpec
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_version

CONTRACT = neighbour(__file__)
AMOUNTS = ("billed_amount", "allowed_amount", "paid_amount", "patient_amount")


def fact_claims(claims: DataFrame, dim_patient: DataFrame, denial_codes: DataFrame) -> DataFrame:
    """Return one row per claim version.

    Every row bears its own amounts, reversals negative ones, so any sum of them is net. The net of the whole
    claim stands on its original alone, so that a sum of nets is the same money and never counts it twice.
    """
    reasons = denial_codes.select("denial_code", F.col("category").alias("denial_category"))
    grouped = claims.withColumn("claim_group_id", F.coalesce("original_claim_id", "claim_id"))
    return (
        grouped.join(F.broadcast(reasons), on="denial_code", how="left")
        .transform(with_patient_version, dim_patient, F.col("service_from"))
        .withColumns(_versions() | _adjudication() | _keys())
        .select(*CONTRACT.select())
    )


def _versions() -> dict[str, Column]:
    group = _claim()
    ordered = group.orderBy(
        _is("original").desc(), "submitted_at", (~_is("reversal")).cast("int"), "claim_id"
    )
    number = F.row_number().over(ordered)
    nets = {f"net_{name}": F.when(_is("original"), F.sum(name).over(group)) for name in AMOUNTS}
    return {
        "version_number": number,
        "is_latest": F.lead("claim_id").over(ordered).isNull(),
        "is_clean": F.when(
            _is("original") & (F.col("claim_status") != "pending"),
            (F.col("claim_status") == "paid") & (F.count("*").over(group) == 1),
        ),
    } | nets


def _adjudication() -> dict[str, Column]:
    status = F.col("claim_status")
    is_payment = (status == "paid") & ~_is("reversal")
    waited = F.date_diff(F.to_date("adjudicated_at"), F.col("service_to"))
    return {
        "is_adjudicated": status.isin("paid", "denied"),
        "is_denied": F.when(status != "pending", status == "denied"),
        "days_to_pay": F.when(is_payment, waited),
    }


def _keys() -> dict[str, Column]:
    referred = {
        "payer_sk": "payer_id",
        "provider_sk": "provider_id",
        "referring_provider_sk": "referring_provider_id",
        "facility_sk": "facility_id",
        "diagnosis_sk": "diagnosis_code",
        "procedure_sk": "procedure_code",
    }
    keys = {name: reference_key(F.col(column)) for name, column in referred.items()}
    return keys | {"service_date_key": date_key(F.col("service_from"))}


def _claim() -> WindowSpec:
    # The patient is part of the window: a claim's versions are its patient's own.
    return Window.partitionBy("patient_id", "claim_group_id")


def _is(version: str) -> Column:
    return F.col("claim_version") == version
