"""A run as OpenLineage events, and how little a lineage server that is slow or down can do to it."""

import json
import os
import socket
import threading
import time
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pyarrow as pa
import pytest
from deltalake import CommitProperties, write_deltalake
from openlineage.client import OpenLineageClient
from openlineage.client.serde import Serde

from carelake.builder import Built
from carelake.contract import Input, Rule
from carelake.delta import Written
from carelake.events import FilesLoaded, RunEnded, RunStarted, TableBuilt, TableFailed, TableStarted
from carelake.lineage.configured import is_configured
from carelake.lineage.datasets import Datasets, place
from carelake.lineage.emitter import Emitter
from carelake.lineage.outbox import outbox
from carelake.states import Note
from tests.builders import small_contract

NOW = datetime(2026, 1, 1, tzinfo=UTC)
CLAIMS = small_contract(
    "silver/claims",
    reads=(Input("bronze/claims", "scoped"), Input("reference/payers", "global")),
    rules=(
        Rule("value_negative", "value >= 0", "No value is negative.", "error"),
        Rule("value_odd", "value < 9", "Few are so large.", "warning"),
    ),
)
DONE = RunEnded("done", 1, 5, 2, 0, 0, 1.0)


@pytest.fixture
def lake(tmp_path):
    """A silver table at version 0, with two quarantined rows."""
    said = CommitProperties(custom_metadata={"userMetadata": Note("run-1", "c1").text()})
    silver = pa.table({"id": ["1"], "value": ["2"]})
    write_deltalake(str(tmp_path / "lake/silver/claims"), silver, commit_properties=said)
    reasons = pa.table({"_reasons": [["value_negative"], ["orphan", "value_negative"]]})
    write_deltalake(str(tmp_path / "lake/quarantine/claims"), reasons, commit_properties=said)
    return tmp_path / "lake"


def emitted(lake: Path, *events, run_id="run-1"):
    """Return the events as they go over the wire."""
    found = []
    datasets = Datasets(lake, lake.parent / "landing_zone")
    emit = Emitter(run_id, "run bronze silver", datasets, "carelake", found.append)
    for event in events:
        emit(NOW, event)
    return [json.loads(Serde.to_json(one)) for one in found]


def job(event):
    return event["eventType"], event["job"]["name"]


def test_a_run_is_a_job_run_with_one_below_it_for_each_table(lake):
    built = [
        Built("silver/claims", "updated", 1.0, Written(3, 1, 2)),
        Built("quarantine/claims", "current", 1.0),
    ]
    loaded = FilesLoaded(CLAIMS, ["2025-02-01/claims.csv"], 5, 0, 1.0)
    told = emitted(lake, RunStarted("run"), loaded, TableStarted(CLAIMS), TableBuilt(CLAIMS, built), DONE)
    assert [job(one) for one in told] == [
        ("START", "run"),
        ("START", "bronze.claims"),
        ("COMPLETE", "bronze.claims"),
        ("START", "silver.claims"),
        ("START", "quarantine.claims"),
        ("COMPLETE", "silver.claims"),
        ("COMPLETE", "quarantine.claims"),
        ("COMPLETE", "run"),
    ]
    run = told[0]["run"]["runId"]
    assert {one["run"]["facets"]["parent"]["run"]["runId"] for one in told[1:-1]} == {run}
    assert told[-1]["run"]["runId"] == run
    assert len({one["run"]["runId"] for one in told}) == 4
    assert {one["eventTime"] for one in told} == {"2026-01-01T00:00:00+00:00"}


def test_the_ids_of_a_run_are_its_own_and_always_the_same(lake):
    first, again = emitted(lake, RunStarted("run")), emitted(lake, RunStarted("run"))
    other = emitted(lake, RunStarted("run"), run_id="run-2")
    assert first[0]["run"]["runId"] == again[0]["run"]["runId"] != other[0]["run"]["runId"]


def test_a_table_comes_with_columns_version_and_counts(lake):
    (told,) = emitted(lake, TableBuilt(CLAIMS, [Built("silver/claims", "updated", 1.0, Written(3, 1, 2))]))
    (output,) = told["outputs"]
    assert (output["namespace"], output["name"]) == ("file", f"{lake}/silver/claims")
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 4
    assert output["facets"]["version"]["datasetVersion"] == "0"
    fields = output["facets"]["schema"]["fields"]
    assert [(one["name"], one["type"], one["ordinal_position"]) for one in fields] == [
        ("id", "string", 1),
        ("value", "string", 2),
    ]
    assert [(one["namespace"], one["name"]) for one in told["inputs"]] == [
        ("file", f"{lake}/bronze/claims"),
        ("carelake", "reference/payers"),
    ]


def test_what_silver_reads_is_told_with_the_rules_its_rows_broke(lake):
    (told,) = emitted(lake, TableBuilt(CLAIMS, [Built("silver/claims", "updated", 1.0, Written())]))
    found = told["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]
    assert [(one["assertion"], one["success"], one["actual"]) for one in found] == [
        ("orphan", False, "1"),
        ("value_negative", False, "2"),
    ]


def test_a_failure_is_told_by_its_kind_alone(lake):
    told = emitted(lake, TableFailed(CLAIMS, ValueError("Smith")), RunEnded("failed", 0, 0, 0, 0, 1, 1.0))
    assert [job(one) for one in told] == [
        ("FAIL", "silver.claims"),
        ("FAIL", "quarantine.claims"),
        ("FAIL", "run"),
    ]
    assert told[0]["run"]["facets"]["errorMessage"]["message"] == "ValueError"
    assert "Smith" not in json.dumps(told)


def test_places_are_named_as_openlineage_names_them():
    assert place(Path("/data/lake/gold/x")) == ("file", "/data/lake/gold/x")


@pytest.mark.parametrize(
    ("environ", "wanted"),
    [
        ({}, False),
        ({"OPENLINEAGE_NAMESPACE": "x"}, False),
        ({"OPENLINEAGE_URL": ""}, False),
        ({"OPENLINEAGE_URL": "http://localhost:1"}, True),
        ({"OPENLINEAGE__TRANSPORT__TYPE": "file"}, True),
        ({"OPENLINEAGE_URL": "http://localhost:1", "OPENLINEAGE_DISABLED": "true"}, False),
    ],
)
def test_lineage_is_told_where_somebody_asks_for_it(environ, wanted, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert is_configured(environ) is wanted
    (tmp_path / "openlineage.yml").write_text("transport: {type: noop}")
    assert is_configured({}), "its file asks for it as well"


class Server(BaseHTTPRequestHandler):
    """Keeps what is posted to it."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.posted.append((self.path, json.loads(body)))
        self.send_response(201)
        self.end_headers()

    def log_message(self, *said):
        """Say nothing."""


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Server) as opened:
        opened.posted = []
        threading.Thread(target=opened.serve_forever, daemon=True).start()
        yield opened
        opened.shutdown()


def connected(lake, port, monkeypatch, **more):
    """Return how to get what emits to a port of this machine, configured as a user does."""
    # The client writes what it reads there into other variables.
    monkeypatch.setattr(os, "environ", os.environ.copy())
    os.environ |= {"OPENLINEAGE_URL": f"http://127.0.0.1:{port}"} | more
    datasets = Datasets(lake, lake.parent / "landing_zone")
    return lambda: Emitter("run-1", "run", datasets, "carelake", OpenLineageClient().emit)


def test_a_server_gets_the_events_in_their_order(lake, server, monkeypatch):
    with outbox(connected(lake, server.server_port, monkeypatch)) as out:
        out(RunStarted("run"))
        out(DONE)
    assert [(path, job(told)) for path, told in server.posted] == [
        ("/api/v1/lineage", ("START", "run")),
        ("/api/v1/lineage", ("COMPLETE", "run")),
    ]


@pytest.mark.parametrize(
    ("answers", "said"), [(False, "can't be emitted"), (True, "not all events")], ids=["down", "silent"]
)
def test_a_server_that_takes_nothing_costs_a_warning_and_no_time(lake, monkeypatch, caplog, answers, said):
    started = time.monotonic()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        if answers:
            silent.listen()
        port = silent.getsockname()[1]
        once = {"OPENLINEAGE__TRANSPORT__TYPE": "http", "OPENLINEAGE__TRANSPORT__RETRY": '{"total": 0}'}
        once["OPENLINEAGE__TRANSPORT__URL"] = f"http://127.0.0.1:{port}"
        connect = connected(lake, port, monkeypatch, **once)
        with outbox(connect, patience=3.0) as out:
            for _ in range(100):
                out(DONE)
            assert time.monotonic() - started < 1, "a run doesn't wait"
    assert time.monotonic() - started < 8
    (warning,) = caplog.records
    assert said in warning.getMessage()
