"""A cluster makes the lake that one machine makes, table by table and row by row, and scores it alike."""

import shutil

import pytest

from carelake.settings import Settings
from ml.tracking.store import tracking_uri
from tests.champion import crown
from tests.cluster.commands import carelake, differences, done
from tests.lakes import rows, tables

SCORES = "gold/score_readmission"
pytestmark = pytest.mark.timeout(3600)


@pytest.fixture(scope="module")
def distributed(landing, running, tmp_path_factory):
    """The lake that one run of everything makes on the cluster."""
    root = tmp_path_factory.mktemp("distributed")
    shutil.copytree(landing, root / "landing_zone")
    done(carelake(root, "run", "all", SPARK_MASTER=running.master))
    return root


def test_every_table_is_that_of_one_machine(local, distributed):
    assert {name.split("/")[0] for name in tables(local)} == {"bronze", "silver", "quarantine", "gold"}
    assert differences(local, distributed) == {}


def test_a_champion_scores_alike(local, distributed, running, tmp_path):
    crown(Settings(carelake_data_dir=tmp_path))
    store = {"MLFLOW_TRACKING_URI": tracking_uri(Settings(carelake_data_dir=tmp_path))}
    here, there = tmp_path / "here", tmp_path / "there"
    shutil.copytree(local / "lake", here / "lake")
    shutil.copytree(distributed / "lake", there / "lake")
    done(carelake(here, "score", "readmission", **store))
    done(carelake(there, "score", "readmission", SPARK_MASTER=running.master, **store))
    assert rows(here, SCORES).total() == rows(local, "gold/features_readmission").total() > 0
    assert rows(here, SCORES) == rows(there, SCORES)
