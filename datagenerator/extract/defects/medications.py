"""Defects of medications."""

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
    missing,
    repaired,
    synonym,
    unknown,
    unresolved,
)
from datagenerator.extract.recipes import Recipe, among, malformed

DISPENSED, ADMINISTERED = among("source", "dispensed"), among("source", "administered")
SOURCES = {"dispensed": "pharmacy", "administered": "given"}


def _negative(column: str) -> Recipe:
    return Recipe(f"{column}_negative", negated(column), lambda rows: rows[column].fillna(0) > 0)


def _ahead(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Begin a supply after it was reported, as long as it is."""
    moved = offset("started_on", "updated_at", 300)(rows, rng)
    length = rows["ended_on"] - rows["started_on"]
    return moved.assign(ended_on=(moved["started_on"] + length).astype("datetime64[s]"))


def _overpaid(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let the payer pay more than is left to it."""
    return rows.assign(payer_paid_amount=rows["payer_paid_amount"] + rng.integers(1, 5_000, len(rows)))


ERRORS: dict[str, tuple[Recipe, ...]] = {
    "medications": (
        Recipe("ended_before_start", offset("ended_on", "started_on", -20)),
        Recipe("started_before_ordered", offset("ordered_at", "started_on", 20)),
        Recipe("started_in_future", _ahead),
        Recipe("days_supply_not_positive", put("days_supply", 0, -30)),
        Recipe("quantity_not_positive", put("quantity", 0, -1)),
        _negative("base_cost"),
        _negative("total_cost"),
        _negative("payer_paid_amount"),
        _negative("patient_paid_amount"),
        Recipe("amounts_mismatch", _overpaid),
        Recipe("administered_without_encounter", blank("encounter_id"), ADMINISTERED),
        broken("started_on", BROKEN_DATES),
        broken("total_cost", BROKEN_NUMBERS),
        missing("drug_code"),
        missing("source"),
        astray("encounter_id"),
        missing("medication_id", STRAY),
        malformed("column_count"),
        broken("quantity", BROKEN_NUMBERS, NEWER),
        missing("started_on", OLDER),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "medications": (
        synonym("source", SOURCES),
        synonym("code_system", {"RXNORM": "RxCUI"}),
        repaired("started_on", redated("started_on")),
        repaired("ordered_at", retimed("ordered_at")),
        repaired("total_cost", reformatted("total_cost"), lambda rows: rows["total_cost"] >= 100_000),
        repaired("drug_code", spaced("drug_code")),
        repaired("encounter_id", spaced("encounter_id")),
        repaired("patient_id", recased("patient_id")),
        unknown("source", "mail order", DISPENSED),
        unresolved("drug_code", "999999999"),
        unresolved("provider_id", "PRV9999999"),
        unresolved("payer_id", "PAY999"),
        Recipe("quantity_implausible", put("quantity", 9_000)),
        Recipe("days_supply_implausible", put("days_supply", 400)),
    ),
}
