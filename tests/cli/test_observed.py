"""What a run of the command tells its log and a lineage server: the same run, and no value of a row."""

import json

import pytest

from tests.builders import csv_text, delivered

TABLES = ("silver/providers", "gold/dim_provider")
BUILT = ["gold/dim_provider", "quarantine/providers", "silver/providers"]


@pytest.fixture
def observed(carelake, monkeypatch, tmp_path):
    """A run over one good row and one bad one: the lines of its log, its lineage, its line in the ledger."""
    monkeypatch.setenv("LOG_FORMAT", "json")
    events = {"TYPE": "file", "LOG_FILE_PATH": str(tmp_path / "lineage.jsonl"), "APPEND": "true"}
    for name, value in events.items():
        monkeypatch.setenv(f"OPENLINEAGE__TRANSPORT__{name}", value)
    good = delivered("providers", provider_id="D1", last_name="Secretive")
    bad = delivered("providers", provider_id="D2", last_name="Secretive", active_from="Never")
    carelake.put(".", csv_text([good, bad]))
    _, text = carelake.run("all", *TABLES)
    lineage = (tmp_path / "lineage.jsonl").read_text()
    assert [word for word in ("Secretive", "Never", "D1") if word in text + lineage] == []
    log = [json.loads(line) for line in text.splitlines() if line.startswith("{")]
    return log, [json.loads(line) for line in lineage.splitlines()], carelake.ledger()[-1]


def test_a_run_tells_log_lineage_and_ledger_the_same_and_no_value_of_a_row(observed):
    log, lineage, recorded = observed
    assert {line["run_id"] for line in log} == {recorded["run_id"]}
    assert [line["event"] for line in log] == [
        "run_started",
        "files_loaded",
        "table_built",
        "table_built",
        "gate_checked",
        "table_built",
        "run_ended",
    ]
    logged = {line["table"]: line["inserted"] for line in log if line["event"] == "table_built"}
    assert logged == dict.fromkeys(BUILT, 1)
    assert logged == {one["table"]: one["inserted"] for one in recorded["tables"]}

    done = {one["job"]["name"]: one for one in lineage if one["eventType"] == "COMPLETE"}
    assert sorted(done) == sorted(["run", "bronze.providers", *(name.replace("/", ".") for name in BUILT)])
    (output,) = done["gold.dim_provider"]["outputs"]
    assert output["outputFacets"]["outputStatistics"]["rowCount"] == 1
    (broken,) = [
        one
        for one in done["silver.providers"]["inputs"][0]["inputFacets"]["dataQualityAssertions"]["assertions"]
        if not one["success"]
    ]
    assert (broken["assertion"], broken["actual"]) == ("active_from_unparseable", "1")
