"""Defects of the files about what was measured and how patients were treated: observations, treatments."""

from datagenerator.extract.changes import (
    BROKEN_DATES,
    BROKEN_NUMBERS,
    BROKEN_TIMES,
    offset,
    put,
    recased,
    redated,
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
    synonym,
    unknown,
    unresolved,
)
from datagenerator.extract.recipes import Recipe, among, every, filled, malformed

UNITS = {
    "mm[Hg]": "mmHg",
    "/min": "bpm",
    "Cel": "degC",
    "10*3/uL": "K/uL",
    "mmol/L": "mEq/L",
    "mg/dL": "MG/DL",
    "%": "percent",
}
FLAGS = {"L": "low", "H": "HIGH", "N": "normal"}
STATUSES = {"running": "active", "discontinued": "stopped"}

ERRORS: dict[str, tuple[Recipe, ...]] = {
    "observations": (
        Recipe("observed_in_future", offset("observed_at", "updated_at", 200)),
        broken("value", BROKEN_NUMBERS),
        broken("observed_at", BROKEN_TIMES),
        missing("value"),
        missing("unit"),
        missing("observation_code"),
        astray("encounter_id"),
        lost("patient_id"),
        missing("observation_id", STRAY),
        malformed("column_count"),
        missing("observed_at", NEWER),
        missing("value", OLDER),
    ),
    "treatments": (
        Recipe("treatment_dates_reversed", offset("ended_on", "started_on", -60), filled("ended_on")),
        Recipe(
            "planned_end_before_start", offset("planned_end_on", "started_on", -30), filled("planned_end_on")
        ),
        Recipe("started_in_future", offset("started_on", "updated_at", 300), among("status", "running")),
        Recipe("ended_in_future", offset("ended_on", "updated_at", 300), filled("ended_on")),
        broken("started_on", BROKEN_DATES),
        missing("protocol_code"),
        missing("status"),
        astray("encounter_id"),
        lost("patient_id"),
        missing("treatment_id", STRAY),
        missing("started_on", NEWER),
        missing("condition", OLDER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "observations": (
        synonym("unit", UNITS),
        synonym("abnormal_flag", FLAGS),
        repaired("observed_at", retimed("observed_at")),
        repaired("encounter_id", spaced("encounter_id")),
        repaired("observation_code", spaced("observation_code")),
        repaired("category", recased("category")),
        unknown("abnormal_flag", "?"),
        unresolved("observation_code", "00000-0"),
        Recipe("value_implausible", put("value", -40.0, 9_999_999.0)),
        Recipe("unit_unexpected", put("unit", "kg"), among("category", "laboratory")),
        Recipe("unit_unexpected;unit_unknown", put("unit", "furlong")),
        Recipe("observed_outside_encounter", offset("observed_at", "_begin", -20), filled("_begin")),
    ),
    "treatments": (
        repaired("started_on", redated("started_on")),
        repaired("condition", recased("condition")),
        repaired("protocol_code", spaced("protocol_code")),
        synonym("status", STATUSES),
        unknown("stop_reason", "other", filled("stop_reason")),
        unresolved("protocol_code", "ZZ-9"),
        unresolved("diagnosis_code", "Z9989ZZ"),
        Recipe("outcome_missing", put("outcome", None), filled("outcome")),
        Recipe("stop_reason_missing", put("stop_reason", None), filled("stop_reason")),
        Recipe("status_contradicts_end", put("status", "running"), among("status", "completed")),
        Recipe(
            "condition_mismatch", put("condition", "dementia"), among("condition", "sepsis", "hypertension")
        ),
        Recipe(
            "started_before_encounter",
            offset("started_on", "_begin", -20),
            every(filled("encounter_id"), filled("planned_end_on")),
        ),
    ),
}
