"""A cluster on this machine, a small landing zone, and the lake that a run without a cluster makes of it."""

import shutil

import pytest

from carelake.settings import PROJECT
from datagenerator.arguments import Arguments
from datagenerator.cli import make
from scripts.cluster import cluster
from tests.cluster.commands import MEMORY, carelake, done


@pytest.fixture(scope="session", autouse=True)
def wheel():
    """What executors run."""
    found = list((PROJECT / "dist").glob("carelake-*.whl"))
    if not found:
        pytest.skip("there is no wheel in dist/: make it with `make wheel`")
    return found[0]


@pytest.fixture(scope="module")
def running(tmp_path_factory):
    """A cluster of its own for each file: one of them kills a worker."""
    with cluster(tmp_path_factory.mktemp("cluster"), MEMORY) as started:
        yield started


@pytest.fixture(scope="session")
def landing(tmp_path_factory):
    """A landing zone of an initial extract and a delivery, with defects."""
    zone = tmp_path_factory.mktemp("generated") / "landing_zone"
    size = {"patients": 100, "providers": 12, "facilities": 4, "encounters": 500, "claims": 800}
    make(Arguments(**size, seed=7, defect_rate=0.015, output=zone, workers=1), deliveries=1)
    return zone


@pytest.fixture(scope="session")
def local(landing, tmp_path_factory):
    """The lake that one run of everything makes on one machine."""
    root = tmp_path_factory.mktemp("local")
    shutil.copytree(landing, root / "landing_zone")
    done(carelake(root, "run"))
    return root
