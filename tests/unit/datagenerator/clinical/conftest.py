"""Worlds that the tests look at, each simulated once."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.care import Care
from datagenerator.clinical import simulate, truth

CONTRACTS = Path(__file__).parents[4] / "jobs" / "silver"
SMALL = replace(
    Arguments(), patients=700, encounters=3_500, providers=80, facilities=20, start=date(2023, 1, 1), seed=11
)
DATA_THROUGH = pd.Timestamp("2025-02-28 23:59:59")
FRAMES = ["patients", "encounters", "diagnoses", "procedures", "registry"]


def contract(table: str) -> list[dict[str, Any]]:
    """Return the columns of a landing file as its contract lists them."""
    return yaml.safe_load((CONTRACTS / f"{table}.yaml").read_text())["schema"][0]["properties"]


@pytest.fixture(scope="session")
def care() -> Care:
    """One block with the initial extract and two deliveries."""
    return simulate(SMALL, blocks(SMALL)[0], 2)


@pytest.fixture(scope="session")
def big() -> Care:
    """A full block of the default world, the initial extract alone: large enough for rare cases."""
    return simulate(Arguments(), blocks(Arguments())[1], 0)


@pytest.fixture(scope="session")
def judged(big: Care) -> pd.DataFrame:
    """What the truth says of the big world's stays, together with the stays themselves."""
    found = truth.stays(big, set(big.encounters["encounter_id"]), pd.Timestamp("2024-12-31 23:59:59"))
    stays = big.stays.assign(encounter_id=big.stays["encounter_ids"].str.split(";").str[0])
    return found.merge(stays.drop(columns=["p_readmitted_30d", "expected_los_days"]), on="encounter_id")
