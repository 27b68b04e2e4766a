"""`carelake maintain` as a user runs it: what it does, says, records and refuses; no session is needed."""

import json
import os
import time

import pyarrow as pa
import pytest
from deltalake import CommitProperties, DeltaTable, write_deltalake

from carelake.lock import exclusive
from carelake.states import Note, read_state

NOTE = Note("run-1", "c1", {"silver/claims": "c0:4"})
EIGHT_DAYS_AGO = time.time() - 8 * 24 * 3600
ROWS = 12


@pytest.fixture
def crowded(outside_spark):
    """A table of twelve small files, and what a killed run left in its folder a while ago."""
    path = outside_spark.root / "lake/gold/fact_claims"
    said = CommitProperties(custom_metadata={"userMetadata": NOTE.text()})
    for number in range(ROWS):
        rows = pa.table({"claim_id": [number]})
        write_deltalake(str(path), rows, mode="append", commit_properties=said)
    for name in ("left.parquet", ".left.parquet.crc"):
        (path / name).write_bytes(bytes(5000))
        os.utime(path / name, (EIGHT_DAYS_AGO, EIGHT_DAYS_AGO))
    return path


def test_many_small_files_become_one_and_what_is_old_goes(outside_spark, crowded):
    before = read_state(crowded)
    code, text = outside_spark("maintain")
    assert code == 0
    assert "1 tables, 1 with something to do: 1 files of 0.0 MB removed" in text
    (line,) = [one for one in text.splitlines() if "fact_claims" in one and "INFO" not in one]
    assert line.split()[:6] == ["gold/fact_claims", "12", "1", "yes", "1", "5"]
    assert sorted(DeltaTable(str(crowded)).to_pyarrow_table()["claim_id"].to_pylist()) == list(range(ROWS))
    assert list(crowded.glob("*left*")) == []
    assert (crowded / "_delta_log/_last_checkpoint").exists()

    after = read_state(crowded)
    assert (after.stamp, after.note.inputs) == (before.stamp, before.note.inputs)
    (recorded,) = outside_spark.ledger()
    assert (recorded["command"], recorded["outcome"]) == ("maintain", "done")
    assert recorded["run_id"] == after.note.run_id
    assert [(one["table"], one["status"]) for one in recorded["tables"]] == [
        ("gold/fact_claims", "maintained")
    ]


def test_what_others_may_still_read_stays_until_the_retention_is_over(outside_spark, crowded):
    assert outside_spark("maintain")[0] == 0
    assert len(list(crowded.glob("*.parquet"))) == ROWS + 1


def test_a_second_time_there_is_nothing_to_do(outside_spark, crowded):
    outside_spark("maintain")
    version = DeltaTable(str(crowded)).version()
    code, text = outside_spark("maintain")
    assert (code, "2 tables, 0 with something to do" in text) == (0, True)
    assert DeltaTable(str(crowded)).version() == version


def test_a_dry_run_tells_and_changes_nothing(outside_spark, crowded):
    code, text = outside_spark("maintain", "--dry-run")
    assert (code, "1 files of 0.0 MB to be removed" in text) == (0, True)
    assert DeltaTable(str(crowded)).version() == ROWS - 1
    assert not (outside_spark.root / "lake/_runs").exists()


def test_less_than_the_retention_is_refused(outside_spark, crowded):
    code, text = outside_spark("maintain", "--retain-hours", "24")
    assert (code, "files stay for 168 hours at least" in text) == (2, True)


def test_it_wants_the_lake_for_itself(outside_spark, crowded):
    with exclusive(outside_spark.root / "lake"):
        for words in (["maintain"], ["maintain", "--dry-run"]):
            code, text = outside_spark(*words)
            assert (code, "another run or check is working on" in text) == (1, True)


def test_a_table_that_cannot_be_maintained_is_named_and_stops_no_other(outside_spark, crowded):
    log = outside_spark.root / "lake/gold/dim_broken/_delta_log"
    log.mkdir(parents=True)
    (log / "00000000000000000000.json").write_text(json.dumps({"add": "not a commit"}))
    code, text = outside_spark("maintain")
    assert (code, "failed: gold/dim_broken could not be maintained" in text) == (1, True)
    assert len(DeltaTable(str(crowded)).file_uris()) == 1


@pytest.mark.parametrize("command", ["maintain", "gate"])
def test_a_folder_without_a_lake_is_named_and_left_as_it_is(outside_spark, command):
    code, told = outside_spark(command)
    assert (code, f"there is no lake {outside_spark.root / 'lake'}" in told) == (2, True)
    assert list(outside_spark.root.iterdir()) == []
