"""An Airflow of its own for these tests: a home in a temporary folder, with `db migrate` and nothing else."""

import importlib.metadata
import json
import os
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from carelake.settings import PROJECT

DUMP = Path(__file__).with_name("dump.py")


class Airflow:
    """Airflow's command line with a home of its own, in a shell without the project's settings."""

    def __init__(self, home: Path) -> None:
        self.environment = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(("AIRFLOW", "CARELAKE", "SPARK_", "MLFLOW"))
        } | {
            "AIRFLOW_HOME": str(home),
            "AIRFLOW__CORE__DAGS_FOLDER": str(PROJECT / "airflow/dags"),
            "AIRFLOW__CORE__LOAD_EXAMPLES": "False",
        }

    def __call__(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run an Airflow command."""
        return self.python("-m", "airflow", *words, **settings)

    def python(self, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
        """Run Python in Airflow's environment."""
        return subprocess.run(
            [sys.executable, *words],
            env=self.environment | settings,
            cwd=PROJECT,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="session")
def airflow(tmp_path_factory):
    try:
        importlib.metadata.version("apache-airflow")
    except importlib.metadata.PackageNotFoundError:
        pytest.skip("the airflow group is not installed: uv sync --inexact --group airflow")
    cli = Airflow(tmp_path_factory.mktemp("airflow"))
    migrated = cli("db", "migrate")
    assert migrated.returncode == 0, migrated.stdout + migrated.stderr
    return cli


@pytest.fixture(scope="session")
def parsed(airflow) -> Mapping:
    """What a parse of the folder of DAGs finds, as `dump.py` tells it."""
    done = airflow.python(str(DUMP))
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout.splitlines()[-1])
