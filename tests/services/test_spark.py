"""Spark's master and two workers as in docker-compose.yml."""

import json
import time
import urllib.request
from contextlib import ExitStack

import pytest

from tests.compose import Loopback

LOCAL = {"SPARK_LOCAL_IP": "127.0.0.1"}
"""Keeps the pages of master and workers on loopback; in a container they are the container's own."""


@pytest.fixture(scope="module")
def master(values, tmp_path_factory):
    """A cluster; where its master is."""
    folder = tmp_path_factory.mktemp("spark")
    where = Loopback(values, {"/opt/spark": folder / "work"})
    with ExitStack() as stack:
        stack.enter_context(where.serving("spark-master", folder / "master.log", **LOCAL))
        for name in ("spark-worker-1", "spark-worker-2"):
            # On one machine each needs a port of its own for its page; in containers both have the same.
            where.ports.pop("8081", None)
            stack.enter_context(where.serving(name, folder / f"{name}.log", **LOCAL))
        yield where


def workers(master):
    with urllib.request.urlopen(f"http://127.0.0.1:{master.ports['8080']}/json/") as page:
        return [(one["state"], one["cores"], one["memory"]) for one in json.load(page)["workers"]]


def test_both_workers_offer_what_a_session_asks_of_an_executor(master):
    # A worker's page is up a moment before the master knows the worker.
    deadline = time.monotonic() + 60
    while len(workers(master)) < 2 and time.monotonic() < deadline:
        time.sleep(0.2)
    assert workers(master) == [("ALIVE", 1, 1024)] * 2
