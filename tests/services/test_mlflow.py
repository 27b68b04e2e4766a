"""Models on a server: trained, scored and monitored by the commands, with nothing kept beside the lake."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import polars as pl
import pytest
import requests
from mlflow import MlflowClient

from carelake.delta import Lake
from carelake.settings import PROJECT
from carelake.states import Note
from tests.compose import Loopback
from tests.tables import contract, table

FIRST = datetime(2023, 1, 1, tzinfo=UTC)
TRAINED_DAYS, LIVE_DAYS = 730, 790
ARTIFACTS = "/var/lib/mlflow"
FEATURES = "gold/features_readmission"


def stays(days):
    """Return two stays a day; the more admissions came before, the likelier the next."""
    random = np.random.default_rng(7)
    for number in range(2 * days):
        before = int(random.integers(0, 6))
        leaves = FIRST + timedelta(days=number // 2, hours=10)
        yield (
            {
                "encounter_id": f"E{number}",
                "patient_id": f"P{number % 500}",
                "facility_id": "F1",
                "admitted_at": leaves - timedelta(days=3),
                "predicted_at": leaves,
                "admissions_12m": before,
            },
            bool(random.random() < before / 6),
        )


def fill(lake, days):
    """Write the tables that readmission reads, anew, as they are after so many days."""
    known, spark = list(stays(days)), lake.session
    through = FIRST + timedelta(days=days)
    delivery = {"delivery": ".", "data_through": through, "updated_at": through}
    flags = [(stay["encounter_id"], back) for stay, back in known]
    columns = "encounter_id string, readmitted_30d boolean"
    tables = {
        FEATURES: table(spark, FEATURES, [stay for stay, _ in known]),
        "gold/readmission_index": spark.createDataFrame(flags, columns),
        "silver/deliveries": table(spark, "silver/deliveries", [delivery]),
    }
    for name, rows in tables.items():
        lake.overwrite(name, rows, Note("filled", contract(name).fingerprint))


@pytest.fixture(scope="module")
def lake(spark, tmp_path_factory):
    return Lake(tmp_path_factory.mktemp("served") / "lake", lambda: spark)


@pytest.fixture(scope="module")
def loopback(values, database_server, tmp_path_factory):
    """MLflow as in docker-compose.yml, on a database of the server and an empty folder of artifacts."""
    artifacts = tmp_path_factory.mktemp("artifacts")
    where = Loopback(values, {ARTIFACTS: artifacts})
    where.ports["5432"] = str(database_server.port)
    with where.serving("mlflow", artifacts.with_name("mlflow.log")):
        yield where


@pytest.fixture(scope="module")
def carelake(lake, loopback):
    """Call a command that keeps its models on the server."""
    given = {
        "CARELAKE_DATA_DIR": str(lake.root.parent),
        "MLFLOW_TRACKING_URI": f"http://127.0.0.1:{loopback.ports['5000']}",
        "SPARK_MEMORY": "1g",
    }

    def call(*words):
        return subprocess.run(
            [Path(sys.executable).with_name("carelake"), *words],
            check=False, capture_output=True, text=True, cwd=PROJECT, env=os.environ | given,
        )  # fmt: skip

    return call


@pytest.fixture(scope="module")
def done(carelake, lake):
    """Train, let two months come in, score and monitor."""
    fill(lake, TRAINED_DAYS)
    train = carelake("train", "readmission")
    fill(lake, LIVE_DAYS)
    scored, monitored = carelake("score", "readmission"), carelake("monitor", "readmission")
    return {"train": train, "score": scored, "monitor": monitored}


def test_every_command_works_with_the_server(done):
    told = {name: (one.returncode, one.stdout, one.stderr[-2000:]) for name, one in done.items()}
    assert [code for code, *_ in told.values()] == [0, 0, 0], told
    assert "carelake-readmission version 1" in done["train"].stdout
    assert "figures of live data" in done["monitor"].stdout


def test_commands_print_what_they_do_without_a_server(done):
    said = " ".join(one.stdout + one.stderr for one in done.values())
    assert "http://" not in said
    assert "Downloading artifacts" not in said


def test_the_scores_are_the_champions(done, lake):
    scores = pl.read_delta(str(lake.path("gold/score_readmission")))
    assert len(scores) == 2 * LIVE_DAYS
    assert set(scores["model_version"]) == {"1"}


def test_the_server_keeps_runs_in_its_database_and_artifacts_in_its_folder(
    done, loopback, database_server, lake
):
    names = database_server.run("psql", "-XAt", "-d", "mlflow", "-c", "select name from registered_models")
    assert names.split() == ["carelake-readmission"]
    kept = {file.suffix for file in loopback.folders[ARTIFACTS].rglob("*") if file.is_file()}
    assert {".skops", ".md", ".png"} <= kept
    assert not (lake.root.parent / "mlflow").exists()


def test_a_model_is_had_from_the_server_alone(done, loopback):
    client = MlflowClient(f"http://127.0.0.1:{loopback.ports['5000']}")
    version = client.get_model_version_by_alias("carelake-readmission", "champion")
    assert client.get_run(version.run_id).info.artifact_uri.startswith("mlflow-artifacts:/")


def test_a_server_refuses_a_name_it_does_not_know(loopback):
    address = f"http://127.0.0.1:{loopback.ports['5000']}/api/2.0/mlflow/experiments/search?max_results=1"
    assert requests.get(address, timeout=10).status_code == 200
    assert requests.get(address, headers={"Host": "evil.example"}, timeout=10).status_code == 403
