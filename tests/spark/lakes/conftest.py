"""One small health system, and the lake that one load makes of it."""

import shutil

import pytest

from datagenerator.arguments import Arguments
from datagenerator.cli import make
from tests.lakes import run


@pytest.fixture(scope="package")
def landing(tmp_path_factory):
    """A landing zone of an initial extract and two deliveries, rich in defects."""
    zone = tmp_path_factory.mktemp("generated") / "landing_zone"
    size = {"patients": 30, "providers": 8, "facilities": 4, "encounters": 150, "claims": 250}
    make(Arguments(**size, seed=7, defect_rate=0.04, output=zone, workers=1), deliveries=2)
    return zone


@pytest.fixture(scope="package")
def whole(spark, landing, tmp_path_factory):
    """The lake that holds all of it after one run."""
    root = tmp_path_factory.mktemp("whole")
    shutil.copytree(landing, root / "landing_zone")
    done = run(lambda: spark, root)
    assert done.failures == []
    return root
