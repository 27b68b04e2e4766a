"""Worlds with two deliveries, and a larger one for shares."""

from dataclasses import replace

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.clinical import simulate
from datagenerator.records.medications import medications

SMALL = Arguments(patients=700, encounters=4_500, claims=4_000, providers=60, facilities=12, seed=5)
MEDIUM = Arguments(patients=1_500, encounters=7_500, providers=100, facilities=20, seed=7)
ENDS = pd.to_datetime(["2024-12-31", "2025-01-31", "2025-02-28"]) + pd.Timedelta("23:59:59")


@pytest.fixture(scope="session")
def small():
    return simulate(SMALL, blocks(SMALL)[0], 2)


@pytest.fixture(scope="session")
def fewer():
    return simulate(SMALL, blocks(SMALL)[0], 1)


@pytest.fixture(scope="session")
def supplied():
    """Arguments, care and medications of the one block of a medium world."""
    care = simulate(MEDIUM, blocks(MEDIUM)[0], 2)
    return MEDIUM, care, medications(care, MEDIUM, 2)


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
