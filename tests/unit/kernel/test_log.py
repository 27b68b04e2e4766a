"""The log tells of runs and tables in counts and seconds, as text or as JSON, each line with its run."""

import json
import logging
import threading

import pytest

from carelake import log
from carelake.builder import Built
from carelake.delta import Written
from carelake.events import FilesLoaded, GateChecked, RunEnded, RunStarted, TableBuilt, TableFailed
from tests.builders import small_contract

CLAIMS = small_contract("silver/claims")
BUILT = [
    Built("silver/claims", "updated", 1.23456, Written(1, 2, 3)),
    Built("quarantine/claims", "current", 0.0),
]
EVENTS = [
    RunStarted("run all"),
    FilesLoaded(CLAIMS, ["2025-02-01/claims.csv"], 40, 0, 0.5),
    TableBuilt(CLAIMS, BUILT),
    GateChecked(0),
    RunEnded("done", 1, 40, 1, 1, 0, 9.0),
]


@pytest.fixture
def logged(capsys):
    """Log events in a form within a run, and return the lines."""

    def lines(form, *events, level="INFO"):
        log.configure(level, form)
        with log.of_run("run-1"):
            for event in events:
                log.listen(event)
        return capsys.readouterr().err.splitlines()

    yield lines
    log.configure("INFO", "text")


def test_text_is_a_short_line_for_each_thing_that_happened(logged):
    told = [line.partition(" run-1 ")[2] for line in logged("text", *EVENTS)]
    assert told == [
        "run all started",
        "bronze/claims loaded: 1 files, 40 rows, 0 set aside, 0.5 s",
        "silver/claims updated: 1 inserted, 2 updated, 3 deleted, 1.2 s",
        "quality gate passed",
        "run done: 1 tables written, 9.0 s",
    ]


def test_json_is_an_object_per_line_with_counts_as_numbers(logged):
    told = [json.loads(line) for line in logged("json", *EVENTS)]
    assert {line["run_id"] for line in told} == {"run-1"}
    assert [line["event"] for line in told] == [
        "run_started",
        "files_loaded",
        "table_built",
        "gate_checked",
        "run_ended",
    ]
    built = told[2]
    assert built.pop("time").endswith("+00:00")
    assert built == {
        "level": "INFO",
        "event": "table_built",
        "run_id": "run-1",
        "message": "silver/claims updated: 1 inserted, 2 updated, 3 deleted, 1.2 s",
        "table": "silver/claims",
        "status": "updated",
        "seconds": 1.235,
        "inserted": 1,
        "updated": 2,
        "deleted": 3,
    }


def test_tables_that_were_current_are_told_to_those_who_ask(logged):
    assert [
        json.loads(line)["table"] for line in logged("json", *EVENTS, level="DEBUG") if "table_built" in line
    ] == [
        "silver/claims",
        "quarantine/claims",
    ]


def test_a_failure_is_told_by_its_kind_since_its_words_may_hold_a_value(logged):
    (line,) = logged("json", TableFailed(CLAIMS, ValueError("Smith is no number")))
    assert json.loads(line)["error"] == "ValueError"
    assert "Smith" not in line


def test_lines_of_libraries_and_other_threads_carry_the_run_too(logged, capsys):
    logged("json")
    with log.of_run("run-2"):
        thread = threading.Thread(
            target=logging.getLogger("library").warning, args=("careful with %s", "this")
        )
        thread.start()
        thread.join()
    logging.getLogger("library").warning("nobody's")
    logging.getLogger("library").info("chatter")
    told = [json.loads(line) for line in capsys.readouterr().err.splitlines()]
    assert [(line["event"], line["run_id"], line["message"]) for line in told] == [
        ("library", "run-2", "careful with this"),
        ("library", None, "nobody's"),
    ]


def test_an_exception_is_told_in_its_line(logged, capsys):
    logged("json")
    logging.getLogger("library").error("it failed", exc_info=RuntimeError("why"))
    (line,) = capsys.readouterr().err.splitlines()
    assert "RuntimeError: why" in json.loads(line)["exception"]
