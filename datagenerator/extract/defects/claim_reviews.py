"""Defects of claim reviews."""

import pandas as pd

from datagenerator.extract.changes import BROKEN_DATES, BROKEN_NUMBERS, negated, offset, put, redated, spaced
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
)
from datagenerator.extract.recipes import Recipe, every, filled

WAYS = {"random_sample": "sample", "referral": "referred"}
FINDINGS = {"no_finding": "none", "confirmed_fraud": "fraud confirmed"}


def _recovering(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["recovered_amount"].fillna(0) > 0


def _harmless(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept closed reviews that named no scheme."""
    return rows["scheme_found"].isna()


def _cleared(rows: pd.DataFrame) -> "pd.Series[bool]":
    return rows["finding"].isin(["no_finding", "overpayment_error"])


ERRORS: dict[str, tuple[Recipe, ...]] = {
    "claim_reviews": (
        Recipe("reviewed_before_selected", offset("reviewed_on", "selected_on", -40), filled("reviewed_on")),
        Recipe("selected_in_future", offset("selected_on", "updated_at", 200)),
        Recipe("recovered_amount_negative", negated("recovered_amount"), _recovering),
        Recipe("finding_without_review", put("reviewed_on", pd.NaT), filled("finding")),
        broken("selected_on", BROKEN_DATES),
        broken("recovered_amount", BROKEN_NUMBERS),
        missing("selected_by"),
        missing("claim_id"),
        astray("claim_id"),
        lost("patient_id"),
        missing("review_id", STRAY),
        missing("selected_on", NEWER),
        missing("selected_by", OLDER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "claim_reviews": (
        synonym("selected_by", WAYS),
        synonym("finding", FINDINGS),
        repaired("selected_on", redated("selected_on")),
        repaired("claim_id", spaced("claim_id")),
        unknown("reviewer_role", "auditor"),
        Recipe("finding_missing", put("finding", None), every(filled("finding"), _harmless)),
        Recipe("scheme_without_fraud", put("scheme_found", "upcoding"), _cleared),
    ),
}
