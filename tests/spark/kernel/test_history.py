"""`make history` starts Spark's history server on this machine alone, over the event logs there are."""

import json
import os
import signal
import subprocess
import sys
import time
from http.client import HTTPConnection

import pytest

from carelake.settings import PROJECT

SCRIPT = [sys.executable, str(PROJECT / "scripts/history.py")]
EVENTS = [
    {"Event": "SparkListenerLogStart", "Spark Version": "4.2.0"},
    {
        "Event": "SparkListenerApplicationStart",
        "App Name": "carelake",
        "App ID": "local-1",
        "Timestamp": 1000,
    },
    {"Event": "SparkListenerApplicationEnd", "Timestamp": 2000},
]
PATIENCE_SECONDS = 120


@pytest.fixture
def server(tmp_path):
    """The address of a server over the log of one application."""
    lines = [json.dumps(event | {"User": "ann"}) for event in EVENTS]
    (tmp_path / "local-1").write_text("\n".join(lines) + "\n")
    environ = os.environ | {"SPARK_EVENT_LOG_DIR": str(tmp_path)}
    with subprocess.Popen(SCRIPT, env=environ, stdout=subprocess.PIPE, text=True) as process:
        yield process.stdout.readline().split()[0]
        process.send_signal(signal.SIGTERM)


def applications(address: str) -> list[dict]:
    connection = HTTPConnection(address.removeprefix("http://"), timeout=20)
    try:
        connection.request("GET", "/api/v1/applications")
        return json.load(connection.getresponse())
    except OSError:
        return []
    finally:
        connection.close()


def test_the_server_shows_the_applications_whose_events_were_logged(server):
    assert server.startswith("http://127.0.0.1:")
    until = time.monotonic() + PATIENCE_SECONDS
    while not (found := applications(server)) and time.monotonic() < until:
        time.sleep(0.5)
    assert [(one["id"], one["name"]) for one in found] == [("local-1", "carelake")]


def test_without_event_logs_it_says_what_to_set():
    environ = os.environ | {"SPARK_EVENT_LOG_DIR": ""}
    done = subprocess.run(SCRIPT, env=environ, capture_output=True, text=True, check=False)
    assert (done.returncode, "set SPARK_EVENT_LOG_DIR" in done.stderr) == (1, True)
