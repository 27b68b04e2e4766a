"""Airflow as in docker-compose.yml, on a real PostgreSQL: it comes up whole and runs a task."""

import importlib.util
import json
import re
import time
from contextlib import ExitStack

import pytest
import requests

from carelake.settings import PROJECT
from tests.compose import Loopback
from tests.servers import PATIENCE

SERVICES = ["airflow-api-server", "airflow-scheduler", "airflow-dag-processor", "airflow-triggerer"]
HOME = "/opt/airflow"
DAG = """
from airflow.sdk import dag, task

@dag(schedule="@once", is_paused_upon_creation=False)
def probe():
    @task
    def answer():
        print("forty-two")
        return 42
    answer()

probe()
"""


@pytest.fixture(scope="module")
def airflow(values, database_server, tmp_path_factory):
    """All of Airflow; where it is."""
    if not importlib.util.find_spec("airflow.api_fastapi"):
        pytest.skip("no Airflow here: uv sync --locked --inexact --group airflow --group services")
    home, dags = tmp_path_factory.mktemp("airflow"), tmp_path_factory.mktemp("dags")
    (dags / "probe.py").write_text(DAG)
    folders = {HOME: home, "/opt/carelake": PROJECT, "/opt/carelake/airflow/dags": dags}
    where = Loopback(values, folders)
    where.ports["5432"] = str(database_server.port)
    where.run("airflow-init", home / "init.log")
    with ExitStack() as stack:
        for name in SERVICES:
            stack.enter_context(where.serving(name, home / f"{name}.log"))
        yield where


@pytest.fixture(scope="module")
def ask(airflow):
    """Ask the API as the user whose password Airflow made and told in its log."""
    address = f"http://127.0.0.1:{airflow.ports['8080']}"
    log = (airflow.folders[HOME] / "airflow-api-server.log").read_text()
    login = {"username": "admin", "password": re.search(r"Password for user 'admin': (\w+)", log)[1]}
    token = requests.post(f"{address}/auth/token", json=login, timeout=30).json()["access_token"]

    def get(path):
        return requests.get(
            f"{address}/api/v2/{path}", headers={"Authorization": f"Bearer {token}"}, timeout=30
        ).json()

    return get


def finished(ask):
    runs = ask("dags/probe/dagRuns").get("dag_runs")
    return runs[0] if runs and runs[0]["state"] in {"success", "failed"} else None


def test_all_parts_are_well(ask):
    told = ask("monitor/health")
    parts = {name: part["status"] for name, part in told.items()}
    assert parts == dict.fromkeys(["metadatabase", "scheduler", "triggerer", "dag_processor"], "healthy")


def test_the_pool_of_the_lake_has_one_slot(ask):
    assert ask("pools/lake")["slots"] == 1


def test_a_task_runs_and_its_log_can_be_read(ask):
    deadline = time.monotonic() + PATIENCE
    while not (run := finished(ask)):
        assert time.monotonic() < deadline, "no run came to its end"
        time.sleep(2)
    assert run["state"] == "success"
    log = ask(f"dags/probe/dagRuns/{run['dag_run_id']}/taskInstances/answer/logs/1")
    assert "forty-two" in json.dumps(log)


def test_without_a_login_nothing_is_told(airflow):
    answer = requests.get(f"http://127.0.0.1:{airflow.ports['8080']}/api/v2/dags", timeout=30)
    assert answer.status_code == 401
