"""Defects of the files about people: patients, enrollment, registry."""

import pandas as pd

from datagenerator.extract.changes import (
    BROKEN_DATES,
    BROKEN_NUMBERS,
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
    missing,
    repaired,
    synonym,
    unknown,
    unresolved,
    unwritten,
)
from datagenerator.extract.recipes import Recipe, malformed

SEX = {"F": "Female", "M": "male"}
RACE = {"black": "African American", "white": "Caucasian"}
MARITAL = {"S": "single", "M": "Married", "D": "divorced", "W": "WIDOWED"}
GROWN_UP = pd.Timestamp("1960-01-01")


def _adult(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["birth_date"] < GROWN_UP


ERRORS: dict[str, tuple[Recipe, ...]] = {
    "patients": (
        Recipe("birth_in_future", offset("birth_date", "recorded_at", 400)),
        Recipe("death_before_birth", offset("death_date", "birth_date", -400)),
        broken("birth_date", BROKEN_DATES),
        missing("sex"),
        missing("last_name"),
        missing("birth_date"),
        unwritten("updated_at"),
        missing("patient_id", STRAY),
        broken("effective_date", BROKEN_DATES, STRAY),
        missing("recorded_at", STRAY),
        missing("birth_date", NEWER),
        missing("sex", OLDER),
    ),
    "enrollment": (
        Recipe("coverage_dates_reversed", offset("coverage_end", "coverage_start", -60)),
        broken("coverage_start", BROKEN_DATES),
        broken("is_dual_eligible", ("maybe", "2")),
        missing("payer_id"),
        astray("patient_id"),
        missing("enrollment_id", STRAY),
        missing("coverage_start", NEWER),
    ),
    "registry": (
        Recipe("registered_in_future", offset("registered_on", "updated_at", 300)),
        missing("registered_on"),
        missing("condition"),
        broken("severity", BROKEN_NUMBERS),
        malformed("nul_byte"),
        missing("registry_id", STRAY),
        broken("registered_on", BROKEN_DATES, NEWER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "patients": (
        repaired("last_name", spaced("last_name")),
        repaired("state", recased("state")),
        repaired("birth_date", redated("birth_date")),
        repaired("updated_at", retimed("updated_at")),
        synonym("sex", SEX),
        synonym("race", RACE),
        synonym("marital_status", MARITAL),
        unknown("marital_status", "X"),
        unresolved("payer_id", "PAY999"),
        unresolved("pcp_provider_id", "PRV9999999"),
        Recipe("zip_malformed", put("zip", "1234", "ABCDE", "123456")),
        Recipe("age_implausible", put("birth_date", pd.Timestamp("1890-01-01")), _adult),
    ),
    "enrollment": (
        repaired("coverage_start", redated("coverage_start")),
        repaired("payer_id", recased("payer_id")),
        repaired("plan_type", recased("plan_type")),
        unknown("plan_type", "epo"),
        unresolved("payer_id", "PAY999"),
    ),
    "registry": (
        repaired("condition", recased("condition")),
        repaired("registered_on", redated("registered_on")),
        repaired("patient_id", spaced("patient_id")),
        unknown("status", "unclear"),
        unresolved("diagnosis_code", "Z9989ZZ"),
        Recipe("severity_implausible", put("severity", 7, 0)),
    ),
}
