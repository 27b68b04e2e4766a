"""DAGs that really run, each task a spark-submit of its own; minutes, so `make test-deployment` runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from deltalake import DeltaTable

from carelake.settings import PROJECT
from tests.builders import deliver, delivered

SMALL = "--patients 1500 --providers 100 --facilities 12 --encounters 7500 --claims 15000 --fraud-rate 0.15"


@pytest.fixture(scope="module")
def demo(tmp_path_factory) -> Path:
    """A folder with a small lake, its models and scores; CARELAKE_TEST_DEMO may name one that is there."""
    given = os.environ.get("CARELAKE_TEST_DEMO")
    if given:
        return Path(given)
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, str(PROJECT / "jobs/submit.py"), "demo", *SMALL.split()]
    subprocess.run(command, env=os.environ | {"CARELAKE_DATA_DIR": str(folder)}, check=True)
    return folder


def version(folder: Path, table: str) -> int:
    return DeltaTable(str(folder / "lake" / table)).version()


def test_the_lake_is_brought_up_and_then_scored(airflow, demo):
    deliveries = len(list((demo / "landing_zone").glob("*-*-*")))
    facts, scores = version(demo, "gold/fact_encounters"), version(demo, "gold/score_readmission")
    for dag in ("lake_daily", "ml_score"):
        done = airflow("dags", "test", dag, "2025-03-01", CARELAKE_DATA_DIR=str(demo))
        assert done.returncode == 0, done.stdout[-5000:]
    assert len(list((demo / "landing_zone").glob("*-*-*"))) == deliveries + 1
    assert version(demo, "gold/fact_encounters") > facts
    assert version(demo, "gold/score_readmission") > scores


def test_a_red_quality_gate_stops_gold_and_fails_the_run(airflow, tmp_path):
    bad = [delivered("providers", provider_id=f"D{n}", active_from="never") for n in range(5)]
    deliver(tmp_path / "landing_zone", "providers", bad, "2025-02-01")
    conf = json.dumps({"since": "2025-02-01", "until": "2025-02-01"})
    done = airflow("dags", "test", "backfill", "2025-03-01", "-c", conf, CARELAKE_DATA_DIR=str(tmp_path))
    assert done.returncode == 1
    assert "DagRun failed" in done.stderr
    assert "5 of 5 rows of providers in delivery 2025-02-01 are quarantined" in done.stdout
    assert version(tmp_path, "quarantine/providers") >= 0
    assert not (tmp_path / "lake/gold").exists()
