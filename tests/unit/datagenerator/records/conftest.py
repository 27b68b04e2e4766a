"""A block of care and its medications, with two deliveries."""

from dataclasses import replace

import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.clinical import simulate
from datagenerator.records.medications import medications

ARGUMENTS = replace(Arguments(), patients=1_500, encounters=7_500, providers=100, facilities=20, seed=7)


@pytest.fixture(scope="session")
def supplied():
    """Arguments, care and medications of the one block."""
    care = simulate(ARGUMENTS, blocks(ARGUMENTS)[0], 2)
    return ARGUMENTS, care, medications(care, ARGUMENTS, 2)
