"""What a patient is followed and treated for, by the disease registry and the treatments running."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from ml.features.stays import STAY, beside

SEVERITIES = (1, 4)
"""Least and greatest severity of a registered condition."""


def registered(stays: DataFrame, registry: DataFrame) -> DataFrame:
    """Return the conditions registered before the day, and how severe they were when registered.

    The entry's state is left out: it is the latest one, and tells of deaths to come.
    """
    rows = registry.select("patient_id", "condition", "registered_on", "severity")
    return (
        beside(stays, rows)
        .where(F.col("registered_on") < F.to_date("predicted_at"))
        .groupBy(*STAY)
        .agg(
            F.size(F.collect_set("condition")).alias("registered_conditions"),
            F.avg(F.when(F.col("severity").between(*SEVERITIES), F.col("severity"))).alias(
                "registered_severity"
            ),
        )
    )


def treated(stays: DataFrame, treatments: DataFrame) -> DataFrame:
    """Return the treatments that began before the day and had not ended; how they ended is not known then."""
    day = F.to_date("predicted_at")
    rows = treatments.select("patient_id", "started_on", "ended_on")
    is_running = (F.col("started_on") < day) & (F.col("ended_on").isNull() | (F.col("ended_on") >= day))
    running = beside(stays, rows).where(is_running)
    return running.groupBy(*STAY).agg(F.count("*").alias("running_treatments"))
