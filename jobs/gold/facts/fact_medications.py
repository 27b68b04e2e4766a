"""Drugs dispensed and given, with the gap to the supply before and what a day of it costs."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_version

CONTRACT = neighbour(__file__)


def fact_medications(medications: DataFrame, dim_patient: DataFrame) -> DataFrame:
    """Return one row per supply.

    The supply before is the patient's last earlier one of the same drug by the same source; of supplies that
    begin on one day the smaller number comes first.
    """
    same_drug = Window.partitionBy("patient_id", "drug_code", "source")
    in_turn = same_drug.orderBy("started_on", "medication_id")
    return (
        medications.withColumn("previous_ended_on", F.lag("ended_on").over(in_turn))
        .transform(with_patient_version, dim_patient, F.col("started_on"))
        .withColumns(_keys() | _measures())
        .select(*CONTRACT.select())
    )


def _keys() -> dict[str, Column]:
    return {
        "drug_sk": reference_key(F.col("drug_code")),
        "provider_sk": reference_key(F.col("provider_id")),
        "payer_sk": reference_key(F.col("payer_id")),
        "order_date_key": date_key(F.to_date("ordered_at")),
        "start_date_key": date_key(F.col("started_on")),
        "end_date_key": date_key(F.col("ended_on")),
    }


def _measures() -> dict[str, Column]:
    return {
        "is_refill": F.coalesce(F.col("fill_number") > 0, F.lit(False)),
        "gap_days": F.date_diff("started_on", "previous_ended_on") - 1,
        "cost_per_day": F.round(F.col("total_cost") / F.col("days_supply"), 2),
    }
