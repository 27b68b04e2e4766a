"""Features of patients whose cost of the next 12 months is to be predicted, as of a few days."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from ml.features.as_of import AS_OF, as_of_dates, covered
from ml.features.cost_conditions import conditions
from ml.features.cost_contacts import contacts, stays
from ml.features.cost_drugs import drugs
from ml.features.cost_outpatient import hospital_outpatient
from ml.features.cost_patients import age, is_alive, months_observed, months_of_extract, versions_known
from ml.features.cost_spending import price_level, spending

CONTRACT = neighbour(__file__)
RECENT_MONTHS = 3.0
UNKNOWN_IF_NONE = {"days_since_encounter", "days_since_discharge"}
UNKNOWN_IF_NONE |= {"largest_allowed_12m", "log_institutional_allowed", "log_professional_allowed"}
UNKNOWN_IF_NONE |= {"log_hospital_outpatient_allowed"}


def features_high_cost(**tables: DataFrame) -> DataFrame:
    """Return one row per as-of date and patient covered on it and not known to be dead.

    `tables` are the inputs of the contract by name. Every step sees only what was known by then: at
    `predicted_at`, the last second of the as-of date.
    """
    dates = as_of_dates(tables["deliveries"], tables["encounters"])
    covered_then = covered(tables["fact_enrollment"], dates)
    recorded_then = versions_known(tables["patients"], dates)
    rows = covered_then.join(recorded_then, on=AS_OF, how="left").where(is_alive())
    rows = rows.withColumns({"age": age(), "months_observed": months_observed()})
    for step in _steps(tables, dates):
        rows = rows.join(step, on=AS_OF, how="left").fillna(_nothing(step))
    return rows.withColumns({"allowed_trend": _trend()} | _rates()).select(*CONTRACT.select())


def _steps(tables: dict[str, DataFrame], dates: DataFrame) -> list[DataFrame]:
    fact_encounters = tables["fact_encounters"]
    return [
        spending(tables["claims"], dates),
        hospital_outpatient(tables["claims"], fact_encounters, dates),
        price_level(tables["features_claims"], dates),
        contacts(fact_encounters, dates),
        stays(tables["fact_stays"], dates),
        conditions(fact_encounters, tables["diagnoses"], tables["dim_diagnosis"], dates),
        drugs(tables["fact_medications"], tables["dim_drug"], dates),
    ]


def _nothing(step: DataFrame) -> dict[str, bool | float | int | str]:
    """Return what stands for no event: zero or false, but for what is not known without one."""
    named = [field for field in step.schema if field.name not in {*AS_OF, *UNKNOWN_IF_NONE}]
    return {field.name: False if field.dataType.simpleString() == "boolean" else 0 for field in named}


def _rates() -> dict[str, Column]:
    """Return what came in a month of all that the extract reaches back: histories of any length compare."""
    totals = {
        "allowed_per_month": F.col("allowed_12m") + F.col("allowed_before"),
        "paid_per_month": F.col("paid_12m") + F.col("paid_before"),
        "encounters_per_month": F.col("encounter_count"),
        "stays_per_month": F.col("stay_count_12m") + F.col("stay_count_before"),
    }
    months = months_of_extract()
    return {
        name: F.when(months > 0, total.cast("double") / months).otherwise(0.0)
        for name, total in totals.items()
    }


def _trend() -> Column:
    """Return the monthly allowed amount of the last 3 months relative to that of the last 12."""
    monthly = F.col("allowed_12m").cast("double") / F.col("months_observed")
    return F.when(monthly > 0, F.col("allowed_3m").cast("double") / RECENT_MONTHS / monthly)
