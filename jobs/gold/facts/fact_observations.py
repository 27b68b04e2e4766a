"""Vital signs and laboratory values with their encounter and their usual range."""

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import completed_years, hours_between
from jobs.columns.keys import date_key, reference_key
from jobs.gold.versions import with_patient_and_version

CONTRACT = neighbour(__file__)
ENCOUNTER = ["patient_id", "encounter_id"]
CODE = "observation_code"
TIMES = ["arrived_at", "admitted_at", "discharged_at"]
ADULT = 18
ENDS = ("usual_low", "usual_high")


def fact_observations(
    observations: DataFrame, encounters: DataFrame, dim_patient: DataFrame, dim_observation: DataFrame
) -> DataFrame:
    """Return one row per value measured.

    First and last are those of an encounter, among the plausible values measured during it: of a stay billed
    in parts, the value on admission is in the first part and that on leaving in the last.
    """
    observed_on = F.to_date("observed_at")
    context = encounters.select(*ENCOUNTER, "facility_id", "encounter_type", *TIMES)
    ranges = dim_observation.drop("observation_sk", "code_system", "category", "name", "decimals")
    known = ranges.withColumnRenamed("unit", "_unit")
    return (
        observations.join(context, on=ENCOUNTER, how="left")
        .join(F.broadcast(known), on=CODE, how="left")
        .transform(with_patient_and_version, dim_patient, observed_on, "birth_date", "sex")
        .withColumns({"is_plausible": _is_plausible(), "is_within_encounter": _is_within_encounter()})
        .withColumns(_place_in_encounter() | _keys(observed_on))
        .withColumn("is_abnormal", _is_abnormal(completed_years(F.col("birth_date"), observed_on) >= ADULT))
        .withColumn("hours_after_admission", hours_between(F.col("admitted_at"), F.col("observed_at")))
        .select(*CONTRACT.select())
    )


def _is_plausible() -> Column:
    return (F.col("unit") == F.col("_unit")) & F.col("value").between(
        F.col("plausible_low"), F.col("plausible_high")
    )


def _is_within_encounter() -> Column:
    observed, end = F.col("observed_at"), F.col("discharged_at")
    return (observed >= F.least("arrived_at", "admitted_at")) & (end.isNull() | (observed <= end))


def _is_abnormal(is_adult: Column) -> Column:
    low, high = (
        F.when(F.col("sex") == "F", F.col(f"{end}_female")).when(F.col("sex") == "M", F.col(f"{end}_male"))
        for end in ENDS
    )
    has_range = low.isNotNull() | high.isNotNull()
    within = F.coalesce(F.col("value") >= low, F.lit(True)) & F.coalesce(F.col("value") <= high, F.lit(True))
    return F.when(F.col("is_plausible") & is_adult & has_range, ~within)


def _place_in_encounter() -> dict[str, Column]:
    counts = F.col("is_within_encounter") & F.coalesce(F.col("is_plausible"), F.lit(True))
    is_read = F.coalesce(counts, F.lit(False))
    # Of two values of one moment the smaller id is the first, whatever order they come in.
    of_code = Window.partitionBy(*ENCOUNTER, CODE, is_read)
    order = [F.col("observed_at"), F.col("observation_id")]
    first = of_code.orderBy(*(column.asc() for column in order))
    last = of_code.orderBy(*(column.desc() for column in order))
    places = {"is_first": first, "is_last": last}
    return {name: is_read & (F.row_number().over(place) == 1) for name, place in places.items()}


def _keys(observed_on: Column) -> dict[str, Column]:
    return {
        "observation_sk": reference_key(F.col(CODE)),
        "facility_sk": reference_key(F.col("facility_id")),
        "observed_date_key": date_key(observed_on),
    }
