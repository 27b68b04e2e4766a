"""A block of care and the claims it leaves, with two deliveries."""

import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.clinical import simulate
from datagenerator.money.claims import claims

SMALL = Arguments(
    patients=400,
    encounters=2_000,
    claims=4_000,
    providers=60,
    facilities=12,
    seed=5,
    fraud_rate=0.03,
)


@pytest.fixture(scope="session")
def billed():
    """Arguments, care and all images of claims of the one block."""
    care = simulate(SMALL, blocks(SMALL)[0], 2)
    return SMALL, care, claims(care, SMALL, blocks(SMALL)[0], 2)
