"""Blocks of care with what was measured and how patients were treated, each made once."""

from dataclasses import replace

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.care import Care
from datagenerator.clinical import simulate
from datagenerator.records.observations import OCCASIONS, observations
from datagenerator.records.treatments import treatments
from datagenerator.records.values import codes

SMALL = replace(Arguments(), patients=700, encounters=3_500, providers=80, facilities=20, seed=11)
BIG = Arguments()


@pytest.fixture(scope="session")
def cares() -> list[Care]:
    """One block with none, one and two deliveries."""
    return [simulate(SMALL, blocks(SMALL)[0], deliveries) for deliveries in range(3)]


@pytest.fixture(scope="session")
def measured(cares: list[Care]) -> list[pd.DataFrame]:
    return [observations(care, SMALL, deliveries) for deliveries, care in enumerate(cares)]


@pytest.fixture(scope="session")
def treated(cares: list[Care]) -> list[pd.DataFrame]:
    return [treatments(care, SMALL, deliveries) for deliveries, care in enumerate(cares)]


@pytest.fixture(scope="session")
def big() -> Care:
    """A full block of the default world, the initial extract alone: large enough for rare cases."""
    return simulate(BIG, blocks(BIG)[1], 0)


@pytest.fixture(scope="session")
def ward(big: Care) -> pd.DataFrame:
    """All observations of the big block with their encounter, their short name and their occasion."""
    found = observations(big, BIG, 0)
    names = codes().set_index("observation_code")["short_name"]
    encounters = big.encounters.drop_duplicates("encounter_id").set_index("encounter_id")
    told = ["admitted_at", "discharged_at", "encounter_type", "_reason", "_severity"]
    joined = found.join(encounters[told], on="encounter_id")
    occasion = found["observation_id"].str[13].astype(int).sub(1).map(dict(enumerate(OCCASIONS)))
    return joined.assign(name=found["observation_code"].map(names), occasion=occasion)
