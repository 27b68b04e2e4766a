"""DAGs that really run, each task a spark-submit of its own: minutes, so `make test-deployment` runs them."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from deltalake import DeltaTable

from carelake.settings import PROJECT
from carelake.tables import registry
from tests.builders import deliver, delivered

SMALL = "--patients 150 --providers 20 --facilities 4 --encounters 750 --claims 1500"


def run(airflow, dag: str, folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a DAG from its first task to its last on the lake below a folder."""
    return airflow("dags", "test", dag, "2025-03-01", *words, CARELAKE_DATA_DIR=str(folder))


def version(folder: Path, table: str) -> int:
    return DeltaTable(str(folder / "lake" / table)).version()


def test_the_lake_is_brought_up_from_what_the_generator_delivers(airflow, tmp_path):
    command = [sys.executable, str(PROJECT / "jobs/submit.py"), "generate", *SMALL.split()]
    subprocess.run(command, env=os.environ | {"CARELAKE_DATA_DIR": str(tmp_path)}, check=True)
    done = run(airflow, "lake_daily", tmp_path)
    assert done.returncode == 0, done.stdout[-5000:]
    assert "verify: ok" in done.stdout
    assert len(list((tmp_path / "landing_zone").glob("*-*-*"))) == 1
    assert all(version(tmp_path, table) >= 0 for table in registry().contracts)


def test_gold_is_scored_by_the_champions(airflow):
    demo = os.environ.get("CARELAKE_TEST_DEMO")
    if not demo:
        pytest.skip("no trained models here: let CARELAKE_TEST_DEMO name the data folder of a demo")
    done = run(airflow, "ml_score", Path(demo))
    assert done.returncode == 0, done.stdout[-5000:]
    assert version(Path(demo), "gold/score_readmission") >= 0


def test_a_red_quality_gate_stops_gold_and_fails_the_run(airflow, tmp_path):
    bad = [delivered("providers", provider_id=f"D{n}", active_from="never") for n in range(5)]
    deliver(tmp_path / "landing_zone", "providers", bad, "2025-02-01")
    days = json.dumps({"since": "2025-02-01", "until": "2025-02-01"})
    done = run(airflow, "backfill", tmp_path, "-c", days)
    assert done.returncode == 1
    assert "DagRun failed" in done.stderr
    assert "5 of 5 rows of providers in delivery 2025-02-01 are quarantined" in done.stdout
    assert version(tmp_path, "quarantine/providers") >= 0
    assert not (tmp_path / "lake/gold").exists()
