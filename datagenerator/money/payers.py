"""Payers and the rules by which they share a bill with the patient."""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import pandas as pd

REFERENCE = Path(__file__).resolve().parents[2] / "conf" / "reference"


@dataclass(frozen=True)
class Plan:
    """Cost sharing of one payer class in a calendar year; amounts in cents, shares in percent.

    `fee_factor` is the class's fee schedule relative to Medicare's; `denial_percent` the share of claims that
    it first denies. Levels follow published orders of magnitude: commercial payers pay hospitals roughly one
    and a half to two and a half times Medicare, Medicaid about three quarters.
    """

    fee_factor: float
    deductible: int
    coinsurance_percent: int
    patient_maximum: int
    denial_percent: int
    plan_types: tuple[str, ...]


UNLIMITED = 10**12
PLANS = {
    "medicare": Plan(1.0, 24_000, 20, 800_000, 6, ("ffs",)),
    "medicare_advantage": Plan(1.0, 0, 15, 500_000, 10, ("hmo", "hmo", "ppo")),
    "medicaid": Plan(0.75, 0, 1, 20_000, 11, ("ffs", "hmo")),
    "commercial": Plan(1.7, 160_000, 20, 650_000, 12, ("hmo", "ppo", "ppo")),
    "uninsured": Plan(1.2, 0, 100, UNLIMITED, 0, ("self_pay",)),
}


@cache
def payer_classes() -> dict[str, str]:
    """Return the class of each payer id, from the reference table."""
    table = pd.read_csv(REFERENCE / "payers.csv", dtype=str)
    return dict(zip(table["payer_id"], table["payer_class"], strict=True))


def plans(payer_ids: pd.Series) -> list[Plan]:
    """Return the plan of each payer; one without a payer, or with a payer unknown, counts as uninsured."""
    classes = payer_classes()
    return [PLANS[classes.get(payer, "uninsured")] for payer in payer_ids]


@cache
def denial_codes() -> tuple[str, ...]:
    """Return the reason codes of denials, less the one for exact duplicates."""
    table = pd.read_csv(REFERENCE / "denial_codes.csv", dtype=str)
    return tuple(table.loc[table["category"] != "duplicate", "denial_code"])
