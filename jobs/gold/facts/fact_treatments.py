"""Treatments by standard protocols, with their length and what became of them."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_version

CONTRACT = neighbour(__file__)
ASSESSED = ("improved", "stable", "worsened", "died")


def fact_treatments(treatments: DataFrame, dim_patient: DataFrame) -> DataFrame:
    """Return one row per treatment; `treatment_line` counts a patient's treatments of one condition."""
    of_condition = Window.partitionBy("patient_id", "condition").orderBy("started_on", "treatment_id")
    started, ended = F.col("started_on"), F.col("ended_on")
    return (
        treatments.transform(with_patient_version, dim_patient, started)
        .withColumns(
            {
                "treatment_line": F.row_number().over(of_condition),
                "planned_days": F.date_diff("planned_end_on", started),
                "duration_days": F.date_diff(ended, started),
                "start_date_key": date_key(started),
                "end_date_key": date_key(ended),
                "diagnosis_sk": reference_key(F.col("diagnosis_code")),
                "protocol_sk": reference_key(F.col("protocol_code")),
            }
        )
        .withColumns(_result())
        .select(*CONTRACT.select())
    )


def _result() -> dict[str, Column]:
    has_ended, outcome = F.col("ended_on").isNotNull(), F.col("outcome")
    return {
        "is_running": ~has_ended,
        "is_completed": F.when(has_ended, F.col("status") == "completed"),
        "is_improved": F.when(has_ended & outcome.isin(*ASSESSED), outcome == "improved"),
    }
