"""What is known of a stay at discharge that may tell whether the patient comes back."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from ml.features.admission import with_admission
from ml.features.care_of_stay import CARE_COUNTS, care_of_stay
from ml.features.labs import FIRST_AND_LAST, observed
from ml.features.past import completed, past
from ml.features.stays import STAY, joined

CONTRACT = neighbour(__file__)
STILL_WAITING = "no_full_follow_up"
SURGERY, NEOPLASMS, SATURDAY = "surgery_gynecology", "NEO", 6


def features_readmission(**tables: DataFrame) -> DataFrame:
    """Return one row per stay that is, or will be with more follow-up, an index stay; as of its discharge.

    `tables` are those that the contract reads, by name.
    """
    stays = _discharged(tables["fact_stays"], tables["readmission_index"])
    parts = [
        care_of_stay(stays, tables["diagnoses"], tables["fact_procedures"], tables["fact_adverse_events"]),
        observed(stays, tables["fact_observations"], F.col("admitted_at"), FIRST_AND_LAST),
        *past(stays, tables),
    ]
    return (
        joined(stays, *parts)
        .transform(completed, *CARE_COUNTS)
        .transform(with_admission, tables["dim_payer"])
        .withColumns(_discharge())
        .select(*CONTRACT.select())
    )


def _discharged(fact_stays: DataFrame, readmission_index: DataFrame) -> DataFrame:
    """Return the ended stays that nothing but the time still to pass keeps from being index stays."""
    others = F.filter("exclusion_reasons", lambda reason: reason != STILL_WAITING)
    eligible = readmission_index.where(F.size(others) == 0)
    judged = eligible.select(*STAY, "condition", "cohort", "is_planned")
    ended = fact_stays.where(F.col("discharged_at").isNotNull())
    return ended.join(judged, on=STAY, how="inner").withColumn("predicted_at", F.col("discharged_at"))


def _discharge() -> dict[str, Column]:
    weekday = F.weekday("discharged_at") + 1
    return {
        "discharge_month": F.month("discharged_at"),
        "discharge_weekday": weekday,
        "is_weekend_discharge": weekday >= SATURDAY,
        "has_surgery": F.col("cohort") == SURGERY,
        "has_procedure": F.col("procedure_count") > 0,
        "is_oncology_discharge": F.coalesce(F.startswith("condition", F.lit(NEOPLASMS)), F.lit(False)),
    }
