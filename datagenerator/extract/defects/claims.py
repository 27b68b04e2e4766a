"""Defects of claims."""

import numpy as np
import pandas as pd

from datagenerator.extract.changes import (
    BROKEN_DATES,
    BROKEN_NUMBERS,
    blank,
    negated,
    offset,
    put,
    recased,
    redated,
    reformatted,
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
from datagenerator.extract.recipes import Recipe, Where, among, every, filled

NOT_REVERSED = among("claim_version", "original", "adjustment")
ORIGINAL = among("claim_version", "original")
CORRECTION = among("claim_version", "reversal", "adjustment")


def _negative(column: str) -> Recipe:
    where: Where = every(NOT_REVERSED, filled(column), lambda rows: rows[column].fillna(0) > 0)
    return Recipe(f"{column}_negative", negated(column), where)


FORMS = {"institutional": "UB-04", "professional": "CMS-1500"}
PLACES = {"02": "2", "11": "office", "23": "ER"}
STATUSES = {"denied": "rejected", "pending": "open"}


def _uncorrected(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept paid originals that no reversal repeats."""
    original = (rows["claim_version"] == "original") & (rows["_course"] == "none")
    return original & (rows["allowed_amount"].fillna(0) > 1_000)


def _self_referred(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    return rows.assign(referring_provider_id=rows["provider_id"])


def _thousands(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["billed_amount"].fillna(0) >= 100_000


ERRORS: dict[str, tuple[Recipe, ...]] = {
    "claims": (
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
        broken("billed_amount", BROKEN_NUMBERS),
        broken("service_from", BROKEN_DATES),
        missing("payer_id"),
        missing("claim_form"),
        missing("submitted_at"),
        astray("encounter_id"),
        lost("patient_id"),
        missing("claim_id", STRAY),
        missing("claim_status", NEWER),
        missing("service_to", OLDER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "claims": (
        repaired("billed_amount", reformatted("billed_amount"), _thousands),
        repaired("paid_amount", reformatted("paid_amount"), lambda rows: rows["paid_amount"].fillna(0) > 0),
        repaired("service_from", redated("service_from")),
        repaired("submitted_at", retimed("submitted_at")),
        repaired("claim_version", recased("claim_version")),
        synonym("claim_version", {"reversal": "void"}),
        synonym("claim_form", FORMS),
        synonym("claim_status", STATUSES),
        repaired("encounter_id", spaced("encounter_id")),
        unknown("claim_form", "dental"),
        unresolved("payer_id", "PAY999"),
        unresolved("provider_id", "PRV9999999"),
        unresolved("referring_provider_id", "PRV9999999"),
        synonym("place_of_service", PLACES),
        unknown("place_of_service", "98"),
        repaired("modifier", recased("modifier")),
        Recipe("modifier_malformed", put("modifier", "X", "59X"), filled("modifier")),
        Recipe("referred_to_self", _self_referred, filled("provider_id")),
        unresolved("diagnosis_code", "Z9989ZZ"),
        Recipe("denial_code_missing", put("denial_code", None), filled("denial_code")),
        Recipe(
            "allowed_above_billed",
            lambda rows, rng: rows.assign(billed_amount=rows["allowed_amount"] // 2),
            _uncorrected,
        ),
    ),
}
