"""Defects of the files about patients' experience and safety: surveys and adverse events."""

import pandas as pd

from datagenerator.extract.changes import (
    BROKEN_DATES,
    BROKEN_NUMBERS,
    BROKEN_TIMES,
    blank,
    offset,
    put,
    recased,
    redated,
    retimed,
    spaced,
)
from datagenerator.extract.defects.shapes import (
    NEWER,
    STRAY,
    astray,
    broken,
    missing,
    repaired,
    synonym,
    unknown,
)
from datagenerator.extract.recipes import Recipe, among, filled, malformed

MODES = {"phone": "telephone", "web": "online"}
EVENT_TYPES = {"medication_error": "med error", "venous_thromboembolism": "VTE"}
HARMS = {"none": "no harm", "mild": "minor", "severe": "major"}


def _waiting(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept surveys about visits that have not come back."""
    return (rows["survey_type"] == "nps") & rows["returned_on"].isna()


ERRORS: dict[str, tuple[Recipe, ...]] = {
    "surveys": (
        Recipe("returned_before_sent", offset("returned_on", "sent_on", -20), filled("returned_on")),
        Recipe("survey_in_future", offset("sent_on", "updated_at", 200)),
        Recipe("answer_out_of_scale", put("overall_rating", 11, -1), filled("overall_rating")),
        Recipe("answer_out_of_scale", put("quietness", 0, 5), filled("quietness")),
        broken("sent_on", BROKEN_DATES),
        broken("nps_score", BROKEN_NUMBERS),
        missing("survey_type"),
        missing("encounter_id"),
        astray("encounter_id"),
        missing("survey_id", STRAY),
        malformed("column_count"),
        missing("sent_on", NEWER),
    ),
    "adverse_events": (
        Recipe("reported_before_occurred", offset("reported_at", "occurred_at", -4)),
        Recipe("reported_in_future", offset("reported_at", "updated_at", 100)),
        broken("occurred_at", BROKEN_TIMES),
        broken("is_preventable", ("maybe", "2")),
        missing("event_type"),
        missing("facility_id"),
        missing("reported_at"),
        astray("encounter_id"),
        missing("adverse_event_id", STRAY),
        missing("severity", NEWER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "surveys": (
        repaired("sent_on", redated("sent_on")),
        repaired("encounter_id", spaced("encounter_id")),
        repaired("survey_type", recased("survey_type")),
        synonym("mode", MODES),
        unknown("mode", "fax"),
        Recipe("answered_before_return", put("nps_score", 9), _waiting),
    ),
    "adverse_events": (
        repaired("occurred_at", retimed("occurred_at")),
        repaired("facility_id", spaced("facility_id")),
        repaired("unit", recased("unit")),
        synonym("event_type", EVENT_TYPES),
        synonym("severity", HARMS),
        unknown("status", "on hold"),
        Recipe("injury_without_harm", put("severity", "none"), among("event_type", "fall_with_injury")),
        Recipe("review_without_finding", blank("is_preventable"), among("status", "reviewed", "closed")),
    ),
}
