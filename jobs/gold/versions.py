"""The patient's version that an event belongs to; a step that several facts share."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from jobs.columns.dates import in_force


def with_patient_version(events: DataFrame, dim_patient: DataFrame, day: Column) -> DataFrame:
    """Return the events with the `patient_sk` of the version in force on `day`.

    Versions of a patient do not overlap, so that no event is doubled. An event before the first version
    keeps its row, its `patient_sk` null.
    """
    return _with_version(events, dim_patient, day, F.col("valid_from"), [])


def with_patient_and_version(
    events: DataFrame, dim_patient: DataFrame, day: Column, *attributes: str
) -> DataFrame:
    """Return the events with `patient_sk` as `with_patient_version`, and attributes of the patient then.

    An event before the first version has that version's: a patient whose first registration was set aside
    was born all the same.
    """
    first = F.min("valid_from").over(Window.partitionBy("patient_id"))
    since = F.when(F.col("valid_from") > first, F.col("valid_from"))
    return _with_version(events, dim_patient, day, since, [*attributes])


def _with_version(
    events: DataFrame, dim_patient: DataFrame, day: Column, since: Column, attributes: list[str]
) -> DataFrame:
    # `since` is from when the attributes count, null where that is ever since.
    versions = dim_patient.select(
        F.col("patient_id").alias("_version_of"),
        F.col("valid_from").alias("_valid_from"),
        F.col("valid_to").alias("_valid_to"),
        since.alias("_since"),
        F.col("patient_sk").alias("_version"),
        *attributes,
    )
    own = F.col("patient_id") == F.col("_version_of")
    holds = in_force(day, F.coalesce("_since", day), F.col("_valid_to"))
    matched = events.join(versions, on=own & holds, how="left")
    known = matched.withColumn("patient_sk", F.when(F.col("_valid_from") <= day, F.col("_version")))
    return known.drop("_version_of", "_valid_from", "_valid_to", "_since", "_version")
