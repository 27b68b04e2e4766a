"""Rows that a receiver repairs or flags but keeps: odd formats, unknown codes, implausible values."""

import numpy as np
import pandas as pd

from datagenerator.extract.changes import (
    Change,
    dotted,
    put,
    recased,
    redated,
    reformatted,
    retimed,
    spaced,
    synonymous,
)
from datagenerator.extract.recipes import Recipe, Where, among, every, filled

SEX = {"F": "Female", "M": "male"}
RACE = {"black": "African American", "white": "Caucasian"}
MARITAL = {"S": "single", "M": "Married", "D": "divorced", "W": "WIDOWED"}
ENCOUNTER_TYPES = {
    "inpatient": "IP",
    "outpatient": "ambulatory",
    "emergency": "ED",
    "telehealth": "virtual",
    "observation": "obs",
}
DISPOSITIONS = {f"0{n}": str(n) for n in range(1, 8)}
YES_NO = {"Y": "yes", "N": "No"}
FORMS = {"institutional": "UB-04", "professional": "CMS-1500"}
STATUSES = {"denied": "rejected", "pending": "open"}
GROWN_UP = pd.Timestamp("1960-01-01")


def _repaired(column: str, change: Change, where: Where | None = None) -> Recipe:
    return Recipe(f"{column}_repaired", change, where or filled(column))


def _synonym(column: str, synonyms: dict[str, str]) -> Recipe:
    return _repaired(column, synonymous(column, synonyms), among(column, *synonyms))


def _unknown(column: str, value: str, where: Where | None = None) -> Recipe:
    return Recipe(f"{column}_unknown", put(column, value), where or filled(column))


def _unresolved(column: str, value: str, where: Where | None = None) -> Recipe:
    return Recipe(f"{column}_unresolved", put(column, value), where or filled(column))


def _visit(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept encounters on which no stay depends."""
    return rows["encounter_type"].isin(["outpatient", "telehealth"]) & ~rows["_fragile"]


def _sturdy(rows: pd.DataFrame) -> "pd.Series[bool]":
    return ~rows["_fragile"]


def _overlong(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """End a visit more than a year after it began."""
    days = pd.to_timedelta(rng.integers(366, 800, len(rows)), unit="D")
    return rows.assign(discharged_at=rows["admitted_at"] + days)


def _uncorrected(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept paid originals that no reversal repeats."""
    original = (rows["claim_version"] == "original") & (rows["_course"] == "none")
    return original & (rows["allowed_amount"].fillna(0) > 1_000)


def _adult(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["birth_date"] < GROWN_UP


def _thousands(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["billed_amount"].fillna(0) >= 100_000


PATIENTS = (
    _repaired("last_name", spaced("last_name")),
    _repaired("state", recased("state")),
    _repaired("birth_date", redated("birth_date")),
    _repaired("updated_at", retimed("updated_at")),
    _synonym("sex", SEX),
    _synonym("race", RACE),
    _synonym("marital_status", MARITAL),
    _unknown("marital_status", "X"),
    _unresolved("payer_id", "PAY999"),
    _unresolved("pcp_provider_id", "PRV9999999"),
    Recipe("zip_malformed", put("zip", "1234", "ABCDE", "123456")),
    Recipe("age_implausible", put("birth_date", pd.Timestamp("1890-01-01")), _adult),
)
ENCOUNTERS = (
    _synonym("encounter_type", ENCOUNTER_TYPES),
    _synonym("discharge_disposition", DISPOSITIONS),
    _repaired("admitted_at", retimed("admitted_at")),
    _repaired("patient_id", spaced("patient_id")),
    _repaired("facility_id", spaced("facility_id")),
    _repaired("admitting_diagnosis_code", dotted("admitting_diagnosis_code")),
    _unknown("admit_source", "Z", every(filled("admit_source"), _visit)),
    _unknown("discharge_disposition", "99", every(filled("discharge_disposition"), _visit)),
    _unknown("encounter_type", "house call", _visit),
    _unresolved("provider_id", "PRV9999999"),
    _unresolved("payer_id", "PAY999"),
    _unresolved("facility_id", "999999", _visit),
    Recipe("stay_implausible", _overlong, every(filled("discharged_at"), _visit)),
)
DIAGNOSES = (
    _repaired("diagnosis_code", dotted("diagnosis_code")),
    _repaired("diagnosis_code", spaced("diagnosis_code")),
    _repaired("encounter_id", spaced("encounter_id")),
    _repaired("patient_id", recased("patient_id")),
    _synonym("present_on_admission", YES_NO),
    _unknown("present_on_admission", "X"),
    _unresolved("diagnosis_code", "Z9989ZZ", _sturdy),
    Recipe(
        "diagnosis_code_malformed;diagnosis_code_unresolved", put("diagnosis_code", "12345", "99Z"), _sturdy
    ),
)
PROCEDURES = (
    _repaired("procedure_code", spaced("procedure_code")),
    _repaired("performed_at", retimed("performed_at")),
    _repaired("code_system", recased("code_system")),
    _unresolved("provider_id", "PRV9999999"),
    _unresolved("procedure_code", "Q0000", _sturdy),
    Recipe("quantity_implausible", put("quantity", 5_000)),
)
CLAIMS = (
    _repaired("billed_amount", reformatted("billed_amount"), _thousands),
    _repaired("paid_amount", reformatted("paid_amount"), lambda rows: rows["paid_amount"].fillna(0) > 0),
    _repaired("service_from", redated("service_from")),
    _repaired("submitted_at", retimed("submitted_at")),
    _repaired("claim_version", recased("claim_version")),
    _synonym("claim_version", {"reversal": "void"}),
    _synonym("claim_form", FORMS),
    _synonym("claim_status", STATUSES),
    _repaired("encounter_id", spaced("encounter_id")),
    _unknown("claim_form", "dental"),
    _unresolved("payer_id", "PAY999"),
    _unresolved("provider_id", "PRV9999999"),
    _unresolved("diagnosis_code", "Z9989ZZ"),
    Recipe("denial_code_missing", put("denial_code", None), filled("denial_code")),
    Recipe(
        "allowed_above_billed",
        lambda rows, rng: rows.assign(billed_amount=rows["allowed_amount"] // 2),
        _uncorrected,
    ),
)
ENROLLMENT = (
    _repaired("coverage_start", redated("coverage_start")),
    _repaired("payer_id", recased("payer_id")),
    _repaired("plan_type", recased("plan_type")),
    _unknown("plan_type", "epo"),
    _unresolved("payer_id", "PAY999"),
)
REGISTRY = (
    _repaired("condition", recased("condition")),
    _repaired("registered_on", redated("registered_on")),
    _repaired("patient_id", spaced("patient_id")),
    _unknown("status", "unclear"),
    _unresolved("diagnosis_code", "Z9989ZZ"),
    Recipe("severity_implausible", put("severity", 7, 0)),
)
FACILITIES = (
    _repaired("facility_type", recased("facility_type")),
    Recipe("peer_group_implausible", put("peer_group", 9)),
)
PROVIDERS = (
    _repaired("last_name", spaced("last_name")),
    _repaired("specialty", recased("specialty")),
    _unresolved("facility_id", "999999"),
    Recipe("npi_malformed", put("npi", "12345", "NPI1234567")),
)
HAI_DATA = (_repaired("updated_at", retimed("updated_at")),)
CMS_MEASURES = (
    _repaired("period_end", redated("period_end")),
    Recipe("score_mismatch", lambda rows, rng: rows.assign(score=rows["score"] + 7.5), filled("score")),
)

BLEMISHES: dict[str, tuple[Recipe, ...]] = {
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
