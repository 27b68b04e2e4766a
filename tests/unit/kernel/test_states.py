"""What a table's last commit says is found without a JVM, also behind commits that say nothing."""

import os

import pyarrow as pa
import pytest
from deltalake import CommitProperties, DeltaTable, write_deltalake

from carelake.states import Note, keeps_changes, quarantine_reasons, read_state, row_count

NOTE = Note("run-1", "c1", {"bronze/a": "c0:4"}, files={"a.csv": {"sha256": "00", "rows": 2}})


def commit(path, note: Note | None = None, rows: int = 1):
    said = CommitProperties(custom_metadata={"userMetadata": note.text()}) if note else None
    write_deltalake(str(path), pa.table({"id": list(range(rows))}), mode="append", commit_properties=said)


def test_no_table_has_no_state(tmp_path):
    assert read_state(tmp_path / "nothing") is None


def test_a_table_no_run_has_written_has_none_either(tmp_path):
    commit(tmp_path)
    assert read_state(tmp_path) is None


def test_a_note_comes_back_as_it_was(tmp_path):
    commit(tmp_path, NOTE)
    state = read_state(tmp_path)
    assert state is not None
    assert state.note == NOTE
    assert (state.version, state.data_version, state.stamp) == (0, 0, "c1:0")


def test_a_commit_that_changed_no_rows_keeps_the_version_that_did(tmp_path):
    commit(tmp_path, NOTE)
    commit(tmp_path, Note("run-2", "c1", data_version=0), rows=0)
    state = read_state(tmp_path)
    assert state is not None
    assert (state.version, state.data_version, state.stamp, state.note.run_id) == (1, 0, "c1:0", "run-2")


@pytest.mark.parametrize("silent", [1, 25], ids=["one", "more than a look at the recent ones finds"])
def test_commits_without_a_note_are_passed_over(tmp_path, silent):
    commit(tmp_path, NOTE)
    for _ in range(silent):
        commit(tmp_path)
    state = read_state(tmp_path)
    assert state is not None
    assert (state.version, state.data_version, state.note) == (silent, 0, NOTE)


def test_rows_are_counted_without_reading_them(tmp_path):
    commit(tmp_path, NOTE, rows=3)
    commit(tmp_path, NOTE, rows=4)
    for file in DeltaTable(str(tmp_path)).file_uris():
        tmp_path.joinpath(file).unlink()
    assert row_count(tmp_path) == 7


def vacuum(path, *, hours: int, note: Note):
    said = CommitProperties(custom_metadata={"userMetadata": note.text()})
    # Where there is nothing to be removed, a vacuum says nothing.
    (path / "left-by-a-killed-run.parquet").touch()
    os.utime(path / "left-by-a-killed-run.parquet", (0, 0))
    table = DeltaTable(str(path))
    table.vacuum(hours, dry_run=False, enforce_retention_duration=False, full=True, commit_properties=said)


MAINTAINED = Note("run-9", "c1", data_version=1)


@pytest.mark.parametrize(
    ("hours", "after", "whole"),
    [
        pytest.param(0, 0, False, id="what came before the vacuum may be gone"),
        pytest.param(0, -1, False, id="to those who have read nothing the first version is a change"),
        pytest.param(0, 1, True, id="whoever has read it needs it no more"),
        pytest.param(168, 0, True, id="what is younger than its retention stays"),
        pytest.param(23, 0, False, id="files are older than their commit, by a day at most"),
    ],
)
def test_a_vacuum_removes_the_changes_before_its_retention(tmp_path, hours, after, whole):
    commit(tmp_path, NOTE)
    commit(tmp_path, NOTE)
    vacuum(tmp_path, hours=hours, note=MAINTAINED)
    assert keeps_changes(tmp_path, after) is whole


def test_changes_stay_where_nobody_vacuums(tmp_path):
    commit(tmp_path, NOTE)
    commit(tmp_path, NOTE)
    assert keeps_changes(tmp_path, -1)


def test_reasons_of_a_quarantine_are_counted(tmp_path):
    assert quarantine_reasons(tmp_path / "nothing") == {}
    write_deltalake(str(tmp_path), pa.table({"_reasons": [["a", "b"], ["b"]]}))
    assert quarantine_reasons(tmp_path) == {"a": 1, "b": 2}
