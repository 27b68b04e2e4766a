"""Defects of the files about care: encounters, diagnoses, procedures."""

import numpy as np
import pandas as pd

from datagenerator.extract.changes import (
    BROKEN_NUMBERS,
    BROKEN_TIMES,
    dotted,
    offset,
    put,
    recased,
    retimed,
    spaced,
)
from datagenerator.extract.defects.shapes import (
    NEWER,
    OLDER,
    STRAY,
    astray,
    broken,
    lost,
    missing,
    repaired,
    sturdy,
    synonym,
    unknown,
    unresolved,
)
from datagenerator.extract.recipes import Recipe, every, filled, malformed

ENCOUNTER_TYPES = {
    "inpatient": "IP",
    "outpatient": "ambulatory",
    "emergency": "ED",
    "telehealth": "virtual",
    "observation": "obs",
}
DISPOSITIONS = {f"0{n}": str(n) for n in range(1, 8)}
YES_NO = {"Y": "yes", "N": "No"}


def _visit(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept encounters on which no stay depends."""
    return rows["encounter_type"].isin(["outpatient", "telehealth"]) & ~rows["_fragile"]


def _waited_for_a_bed(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept stays that began in an emergency department: a visit's arrival is its admission."""
    return (rows["encounter_type"] == "inpatient") & (rows["provider_seen_at"] > rows["arrived_at"])


def _overlong(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """End a visit more than a year after it began."""
    days = pd.to_timedelta(rng.integers(366, 800, len(rows)), unit="D")
    return rows.assign(discharged_at=rows["admitted_at"] + days)


ERRORS: dict[str, tuple[Recipe, ...]] = {
    "encounters": (
        Recipe(
            "discharge_before_admission", offset("discharged_at", "admitted_at", -3), filled("discharged_at")
        ),
        Recipe("admission_in_future", offset("admitted_at", "updated_at", 300)),
        broken("admitted_at", BROKEN_TIMES),
        broken("discharged_at", BROKEN_TIMES),
        missing("facility_id"),
        missing("encounter_type"),
        astray("patient_id"),
        lost("patient_id"),
        missing("encounter_id", STRAY),
        Recipe(
            "discharge_before_admission",
            offset("discharged_at", "admitted_at", -3),
            filled("discharged_at"),
            NEWER,
        ),
        missing("admitted_at", NEWER),
        missing("facility_id", OLDER),
        Recipe(
            "emergency_times_out_of_order",
            offset("provider_seen_at", "arrived_at", -2),
            filled("arrived_at", "provider_seen_at"),
        ),
        broken("triaged_at", BROKEN_TIMES),
    ),
    "diagnoses": (
        Recipe("sequence_not_positive", put("sequence", 0, -1)),
        broken("sequence", BROKEN_NUMBERS),
        missing("diagnosis_code"),
        missing("encounter_id"),
        astray("encounter_id"),
        missing("diagnosis_id", STRAY),
        malformed("column_count"),
        missing("sequence", NEWER),
    ),
    "procedures": (
        Recipe("sequence_not_positive", put("sequence", 0, -1)),
        Recipe("quantity_not_positive", put("quantity", 0, -2)),
        Recipe("performed_in_future", offset("performed_at", "updated_at", 200)),
        broken("performed_at", BROKEN_TIMES),
        missing("procedure_code"),
        missing("code_system"),
        astray("encounter_id"),
        missing("procedure_id", STRAY),
        malformed("column_count"),
        broken("quantity", BROKEN_NUMBERS, NEWER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "encounters": (
        synonym("encounter_type", ENCOUNTER_TYPES),
        synonym("discharge_disposition", DISPOSITIONS),
        repaired("admitted_at", retimed("admitted_at")),
        repaired("patient_id", spaced("patient_id")),
        repaired("facility_id", spaced("facility_id")),
        repaired("admitting_diagnosis_code", dotted("admitting_diagnosis_code")),
        unknown("admit_source", "Z", every(filled("admit_source"), _visit)),
        unknown("discharge_disposition", "99", every(filled("discharge_disposition"), _visit)),
        unknown("encounter_type", "house call", _visit),
        unresolved("provider_id", "PRV9999999"),
        unresolved("payer_id", "PAY999"),
        unresolved("facility_id", "999999", _visit),
        Recipe("stay_implausible", _overlong, every(filled("discharged_at"), _visit)),
        Recipe("emergency_wait_implausible", offset("arrived_at", "arrived_at", -9), _waited_for_a_bed),
        Recipe("triage_level_implausible", put("triage_level", 0, 7), filled("triage_level")),
    ),
    "diagnoses": (
        repaired("diagnosis_code", dotted("diagnosis_code")),
        repaired("diagnosis_code", spaced("diagnosis_code")),
        repaired("encounter_id", spaced("encounter_id")),
        repaired("patient_id", recased("patient_id")),
        synonym("present_on_admission", YES_NO),
        unknown("present_on_admission", "X"),
        unresolved("diagnosis_code", "Z9989ZZ", sturdy),
        Recipe(
            "diagnosis_code_malformed;diagnosis_code_unresolved",
            put("diagnosis_code", "12345", "99Z"),
            sturdy,
        ),
    ),
    "procedures": (
        repaired("procedure_code", spaced("procedure_code")),
        repaired("performed_at", retimed("performed_at")),
        repaired("code_system", recased("code_system")),
        unresolved("provider_id", "PRV9999999"),
        unresolved("procedure_code", "Q0000", sturdy),
        Recipe("quantity_implausible", put("quantity", 5_000)),
    ),
}
