"""Defects of the files about organisations: facilities, providers and their reports."""

from datagenerator.extract.changes import (
    BROKEN_NUMBERS,
    offset,
    put,
    recased,
    redated,
    retimed,
    spaced,
)
from datagenerator.extract.defects.shapes import NEWER, STRAY, broken, missing, repaired, unresolved
from datagenerator.extract.recipes import Recipe, filled

ERRORS: dict[str, tuple[Recipe, ...]] = {
    "facilities": (
        Recipe("beds_negative", put("beds_icu", -4), kind=NEWER),
        missing("state", NEWER),
    ),
    "providers": (
        Recipe(
            "active_dates_reversed", offset("active_to", "active_from", -90), filled("active_from"), NEWER
        ),
        missing("last_name", NEWER),
        missing("provider_id", STRAY),
    ),
    "hai_data": (
        Recipe("counts_negative", put("mrsa_events", -1), kind=NEWER),
        Recipe("device_days_above_patient_days", put("central_line_days", 99_999), kind=NEWER),
        broken("patient_days", BROKEN_NUMBERS, NEWER),
    ),
    "cms_measures": (
        Recipe("numerator_above_denominator", put("numerator", 99_999), kind=NEWER),
        Recipe("period_reversed", offset("period_end", "period_start", -30), kind=NEWER),
        Recipe("counts_negative", put("numerator", -1), kind=NEWER),
        broken("denominator", BROKEN_NUMBERS, NEWER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "facilities": (
        repaired("facility_type", recased("facility_type")),
        Recipe("peer_group_implausible", put("peer_group", 9)),
    ),
    "providers": (
        repaired("last_name", spaced("last_name")),
        repaired("specialty", recased("specialty")),
        unresolved("facility_id", "999999"),
        Recipe("npi_malformed", put("npi", "12345", "NPI1234567")),
    ),
    "hai_data": (repaired("updated_at", retimed("updated_at")),),
    "cms_measures": (
        repaired("period_end", redated("period_end")),
        Recipe("score_mismatch", lambda rows, rng: rows.assign(score=rows["score"] + 7.5), filled("score")),
    ),
}
