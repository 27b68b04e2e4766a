"""Blocks of care and records that follow from them, each made once."""

from dataclasses import replace

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.care import Care
from datagenerator.clinical import simulate
from datagenerator.records.medications import medications
from datagenerator.records.observations import OCCASIONS, observations
from datagenerator.records.treatments import treatments
from datagenerator.records.values import codes

SMALL = Arguments(patients=700, encounters=4_500, claims=4_000, providers=60, facilities=12, seed=5)
MEDIUM = Arguments(patients=1_500, encounters=7_500, providers=100, facilities=20, seed=7)
BIG = Arguments()
ENDS = pd.to_datetime(["2024-12-31", "2025-01-31", "2025-02-28"]) + pd.Timedelta("23:59:59")


@pytest.fixture(scope="session")
def cares() -> list[Care]:
    """A small block with none, one and two deliveries."""
    return [simulate(SMALL, blocks(SMALL)[0], deliveries) for deliveries in range(3)]


@pytest.fixture(scope="session")
def small(cares):
    return cares[2]


@pytest.fixture(scope="session")
def fewer(cares):
    return cares[1]


@pytest.fixture(scope="session")
def measured(cares: list[Care]) -> list[pd.DataFrame]:
    return [observations(care, SMALL, deliveries) for deliveries, care in enumerate(cares)]


@pytest.fixture(scope="session")
def treated(cares: list[Care]) -> list[pd.DataFrame]:
    return [treatments(care, SMALL, deliveries) for deliveries, care in enumerate(cares)]


@pytest.fixture(scope="session")
def supplied():
    """Arguments, care and medications of the one block of a medium world."""
    care = simulate(MEDIUM, blocks(MEDIUM)[0], 2)
    return MEDIUM, care, medications(care, MEDIUM, 2)


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


@pytest.fixture(scope="session")
def asked(tmp_path_factory):
    """Arguments of a world in which everybody is asked and events are ten times as frequent, and its care."""
    world = tmp_path_factory.mktemp("world") / "asked.toml"
    rates = "fall = 23.0\nfall_with_injury = 7.0\nmedication_error = 45.0\npressure_injury_stage_2 = 10.0\n"
    more = "pressure_injury_stage_4 = 0.8\nretained_object = 20000.0\n"
    text = f"[surveys]\nsampled_hcahps = 1.0\nsampled_nps = 0.5\n[adverse_events]\n{rates}{more}"
    world.write_text(text)
    arguments = replace(Arguments(), world=str(world))
    return arguments, simulate(arguments, blocks(arguments)[1], 0)
