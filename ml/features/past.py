"""All that the tables tell of a patient's past, the same for every prediction about a stay."""

from collections.abc import Mapping

from pyspark.sql import DataFrame

from ml.features.comorbidity import CHARLSON, ELIXHAUSER, comorbidity
from ml.features.drugs import drugs
from ml.features.history import VISITS, cost, earlier_stays, earlier_visits
from ml.features.known_patient import known_patient
from ml.features.long_term_care import registered, treated

COUNTS = (
    "admissions_6m",
    "admissions_12m",
    "returns_12m",
    "bed_days_12m",
    "emergency_visits_6m",
    "emergency_visits_12m",
    *VISITS,
    "history_days",
    "claims_12m",
    "allowed_amount_12m",
    "charlson_index",
    "elixhauser_count",
    "chronic_condition_count",
    "registered_conditions",
    "running_treatments",
    "laboratory_count",
)
"""Columns that are 0 where nothing is on record."""
FLAGS = (*CHARLSON, *ELIXHAUSER)


def past(stays: DataFrame, tables: Mapping[str, DataFrame]) -> list[DataFrame]:
    """Return who the patient is, earlier care and cost, diseases, drugs and treatments, each as one part."""
    codes = [tables[name] for name in ("dim_diagnosis", "charlson_weights", "elixhauser")]
    encounters = tables["encounters"]
    return [
        known_patient(stays, tables["patients"]),
        earlier_stays(stays, tables["fact_stays"]),
        earlier_visits(stays, encounters),
        comorbidity(stays, encounters, tables["diagnoses"], *codes),
        cost(stays, tables["fact_claims"]),
        drugs(stays, tables["fact_medications"], tables["dim_drug"]),
        registered(stays, tables["registry"]),
        treated(stays, tables["fact_treatments"]),
    ]


def completed(rows: DataFrame, *counts: str) -> DataFrame:
    """Return the rows with 0 and false where nothing was on record, in `counts` too."""
    return rows.fillna(0, subset=[*COUNTS, *counts]).fillna(value=False, subset=list(FLAGS))
