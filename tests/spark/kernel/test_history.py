"""`make history` starts Spark's history server on this machine alone, or says what is missing."""

import os
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest

from carelake.settings import PROJECT

SCRIPT = [sys.executable, str(PROJECT / "scripts/history.py")]
PATIENCE_SECONDS = 120


@pytest.fixture
def server(tmp_path):
    """The address of a server over a folder of event logs."""
    environ = os.environ | {"SPARK_EVENT_LOG_DIR": str(tmp_path)}
    with subprocess.Popen(SCRIPT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().split()[0]
        process.terminate()


def status(address: str) -> int | None:
    """Return the status of the list of applications; None while nobody answers."""
    connection = HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        connection.request("GET", "/api/v1/applications")
        return connection.getresponse().status
    except OSError:
        return None
    finally:
        connection.close()


def test_the_server_answers_where_it_says(server):
    assert server.startswith("http://127.0.0.1:")
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := status(server)) and time.monotonic() < until:
        time.sleep(0.5)
    assert found == 200


def test_without_event_logs_it_says_what_to_set():
    environ = os.environ | {"SPARK_EVENT_LOG_DIR": ""}
    done = subprocess.run(SCRIPT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, "set SPARK_EVENT_LOG_DIR" in done.stderr) == (1, True)
