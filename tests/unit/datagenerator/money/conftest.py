"""Blocks of care and the claims they leave: a small one, and one large enough to compare shares in."""

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
LARGE = Arguments(
    patients=2_000,
    encounters=10_000,
    claims=20_000,
    providers=120,
    facilities=20,
    seed=6,
    fraud_rate=0.05,
)


def _billed(arguments):
    block = blocks(arguments)[0]
    care = simulate(arguments, block, 2)
    return arguments, care, claims(care, arguments, block, 2)


@pytest.fixture(scope="session")
def billed():
    """Arguments, care and all images of claims of the one block."""
    return _billed(SMALL)


@pytest.fixture(scope="session")
def much_billed():
    """The same of a whole block of patients, with more fraud than usual."""
    return _billed(LARGE)


@pytest.fixture(scope="session")
def initial(much_billed):
    """The claims of the initial extract as last seen in it."""
    images = much_billed[2]
    return images[images["_known"] == 0].drop_duplicates("claim_id", keep="last")
