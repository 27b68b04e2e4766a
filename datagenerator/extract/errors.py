"""Rows that must be quarantined: per file, the rules of the contract and ways to break them."""

from datagenerator.extract.changes import (
    BROKEN_DATES,
    BROKEN_NUMBERS,
    BROKEN_TIMES,
    blank,
    both,
    negated,
    offset,
    put,
    scribble,
    suffixed,
)
from datagenerator.extract.recipes import Kind, Recipe, Where, among, every, filled, malformed

NEWER, OLDER, STRAY = Kind.NEWER, Kind.OLDER, Kind.STRAY
NOT_REVERSED = among("claim_version", "original", "adjustment")
ORIGINAL = among("claim_version", "original")
CORRECTION = among("claim_version", "reversal", "adjustment")


def _missing(column: str, kind: Kind = Kind.IN_PLACE) -> Recipe:
    return Recipe(f"{column}_missing", blank(column), kind=kind)


def _broken(column: str, texts: tuple[str, ...], kind: Kind = Kind.IN_PLACE) -> Recipe:
    return Recipe(f"{column}_unparseable", scribble(column, *texts), kind=kind)


def _unwritten(column: str) -> Recipe:
    """A row whose own time of writing can't be read, so that no version of it counts as newer."""
    return Recipe(f"{column}_unparseable", both(blank(column), scribble(column, *BROKEN_TIMES)))


def _lost(column: str) -> Recipe:
    """A row that names no patient, or one unknown."""
    return Recipe(f"{column}_missing", blank(column), is_final=True)


def _astray(column: str) -> Recipe:
    final = column == "patient_id"
    return Recipe("orphan", suffixed(column), filled(column), is_final=final)


def _negative(column: str) -> Recipe:
    where: Where = every(NOT_REVERSED, filled(column), lambda rows: rows[column].fillna(0) > 0)
    return Recipe(f"{column}_negative", negated(column), where)


PATIENTS = (
    Recipe("birth_in_future", offset("birth_date", "recorded_at", 400)),
    Recipe("death_before_birth", offset("death_date", "birth_date", -400)),
    _broken("birth_date", BROKEN_DATES),
    _missing("sex"),
    _missing("last_name"),
    _missing("birth_date"),
    _unwritten("updated_at"),
    _missing("patient_id", STRAY),
    _broken("effective_date", BROKEN_DATES, STRAY),
    _missing("recorded_at", STRAY),
    _missing("birth_date", NEWER),
    _missing("sex", OLDER),
)
ENCOUNTERS = (
    Recipe("discharge_before_admission", offset("discharged_at", "admitted_at", -3), filled("discharged_at")),
    Recipe("admission_in_future", offset("admitted_at", "updated_at", 300)),
    _broken("admitted_at", BROKEN_TIMES),
    _broken("discharged_at", BROKEN_TIMES),
    _missing("facility_id"),
    _missing("encounter_type"),
    _astray("patient_id"),
    _lost("patient_id"),
    _missing("encounter_id", STRAY),
    Recipe(
        "discharge_before_admission",
        offset("discharged_at", "admitted_at", -3),
        filled("discharged_at"),
        NEWER,
    ),
    _missing("admitted_at", NEWER),
    _missing("facility_id", OLDER),
)
DIAGNOSES = (
    Recipe("sequence_not_positive", put("sequence", 0, -1)),
    _broken("sequence", BROKEN_NUMBERS),
    _missing("diagnosis_code"),
    _missing("encounter_id"),
    _astray("encounter_id"),
    _missing("diagnosis_id", STRAY),
    malformed("column_count"),
    _missing("sequence", NEWER),
)
PROCEDURES = (
    Recipe("sequence_not_positive", put("sequence", 0, -1)),
    Recipe("quantity_not_positive", put("quantity", 0, -2)),
    Recipe("performed_in_future", offset("performed_at", "updated_at", 200)),
    _broken("performed_at", BROKEN_TIMES),
    _missing("procedure_code"),
    _missing("code_system"),
    _astray("encounter_id"),
    _missing("procedure_id", STRAY),
    malformed("column_count"),
    _broken("quantity", BROKEN_NUMBERS, NEWER),
)
CLAIMS = (
    Recipe("service_dates_reversed", offset("service_to", "service_from", -30)),
    Recipe("submitted_before_service", offset("submitted_at", "service_from", -30), ORIGINAL),
    Recipe(
        "adjudicated_before_submitted",
        offset("adjudicated_at", "submitted_at", -5),
        filled("adjudicated_at"),
    ),
    _negative("billed_amount"),
    _negative("allowed_amount"),
    _negative("paid_amount"),
    _negative("patient_amount"),
    Recipe("original_claim_missing", blank("original_claim_id"), CORRECTION),
    _broken("billed_amount", BROKEN_NUMBERS),
    _broken("service_from", BROKEN_DATES),
    _missing("payer_id"),
    _missing("claim_form"),
    _missing("submitted_at"),
    _astray("encounter_id"),
    _lost("patient_id"),
    _missing("claim_id", STRAY),
    _missing("claim_status", NEWER),
    _missing("service_to", OLDER),
)
ENROLLMENT = (
    Recipe("coverage_dates_reversed", offset("coverage_end", "coverage_start", -60)),
    _broken("coverage_start", BROKEN_DATES),
    _broken("is_dual_eligible", ("maybe", "2")),
    _missing("payer_id"),
    _astray("patient_id"),
    _missing("enrollment_id", STRAY),
    _missing("coverage_start", NEWER),
)
REGISTRY = (
    Recipe("registered_in_future", offset("registered_on", "updated_at", 300)),
    _missing("registered_on"),
    _missing("condition"),
    _broken("severity", BROKEN_NUMBERS),
    malformed("nul_byte"),
    _missing("registry_id", STRAY),
    _broken("registered_on", BROKEN_DATES, NEWER),
)
# Much refers to organisations and none of it falls with them: their sound rows stay beside spoiled ones.
FACILITIES = (
    Recipe("beds_negative", put("beds_icu", -4), kind=NEWER),
    _missing("state", NEWER),
)
PROVIDERS = (
    Recipe("active_dates_reversed", offset("active_to", "active_from", -90), filled("active_from"), NEWER),
    _missing("last_name", NEWER),
    _missing("provider_id", STRAY),
)
HAI_DATA = (
    Recipe("counts_negative", put("mrsa_events", -1), kind=NEWER),
    Recipe("device_days_above_patient_days", put("central_line_days", 99_999), kind=NEWER),
    _broken("patient_days", BROKEN_NUMBERS, NEWER),
)
CMS_MEASURES = (
    Recipe("numerator_above_denominator", put("numerator", 99_999), kind=NEWER),
    Recipe("period_reversed", offset("period_end", "period_start", -30), kind=NEWER),
    Recipe("counts_negative", put("numerator", -1), kind=NEWER),
    _broken("denominator", BROKEN_NUMBERS, NEWER),
)

ERRORS: dict[str, tuple[Recipe, ...]] = {
    "patients": PATIENTS,
    "encounters": ENCOUNTERS,
    "diagnoses": DIAGNOSES,
    "procedures": PROCEDURES,
    "claims": CLAIMS,
    "enrollment": ENROLLMENT,
    "registry": REGISTRY,
    "facilities": FACILITIES,
    "providers": PROVIDERS,
    "hai_data": HAI_DATA,
    "cms_measures": CMS_MEASURES,
}
