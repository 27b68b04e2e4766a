"""The patient's version that an event belongs to; a step that several facts share."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from jobs.columns.dates import in_force


def with_patient_version(
    events: DataFrame, dim_patient: DataFrame, day: Column, *attributes: str
) -> DataFrame:
    """Return the events with `patient_sk`, and the attributes asked for, of the version in force on `day`.

    Versions of a patient do not overlap, so that no event is doubled. An event before the first version
    keeps its row, its `patient_sk` null.
    """
    versions = dim_patient.select(
        F.col("patient_id").alias("_version_of"),
        F.col("valid_from").alias("_valid_from"),
        F.col("valid_to").alias("_valid_to"),
        "patient_sk",
        *attributes,
    )
    own = F.col("patient_id") == F.col("_version_of")
    holds = in_force(day, F.col("_valid_from"), F.col("_valid_to"))
    matched = events.join(versions, on=own & holds, how="left")
    return matched.drop("_version_of", "_valid_from", "_valid_to")
