"""Too many quarantined rows in one delivery keep gold as it is, and the message says what to do."""

import pyarrow as pa
import pytest
from deltalake import CommitProperties, write_deltalake

from carelake.gate import breaches_of
from carelake.states import Note
from tests.builders import small_contract

CONTRACT = small_contract("silver/small", quarantine_bound=0.2)


@pytest.fixture
def lake(tmp_path):
    def of(rows: dict[str, int], quarantined: dict[str, list[list[str]]] | None, latest=None):
        files = {file: {"sha256": "00", "rows": count} for file, count in rows.items()}
        for file, last in (latest or {}).items():
            files[file]["latest"] = last
        note = Note("run", "c1", files=files)
        said = CommitProperties(custom_metadata={"userMetadata": note.text()})
        write_deltalake(str(tmp_path / "bronze/small"), pa.table({"id": ["1"]}), commit_properties=said)
        if quarantined is not None:
            bad = [(file, reasons) for file, found in quarantined.items() for reasons in found]
            columns = {"_source_file": pa.array([f for f, _ in bad], pa.string())}
            columns["_batch_id"] = pa.array(["first"] * len(bad), pa.string())
            columns["_reasons"] = pa.array([reasons for _, reasons in bad], pa.list_(pa.string()))
            write_deltalake(str(tmp_path / "quarantine/small"), pa.table(columns))
        return tmp_path

    return of


def test_a_lake_without_the_table_has_no_breach(tmp_path):
    assert breaches_of(tmp_path, CONTRACT) == []


def test_bronze_alone_has_no_breach(lake):
    assert breaches_of(lake({"small.csv": 10}, None), CONTRACT) == []


def test_the_bound_itself_is_allowed(lake):
    assert breaches_of(lake({"small.csv": 10}, {"small.csv": [["r"]] * 2}), CONTRACT) == []


def test_past_the_bound_is_a_breach_that_says_what_to_do(lake):
    bad = [["orphan"], ["orphan", "id_missing"], ["x"]]
    (breach,) = breaches_of(lake({"small.csv": 10}, {"small.csv": bad}), CONTRACT)
    assert (breach.delivery, breach.rows, breach.quarantined) == (".", 10, 3)
    assert breach.reasons[0] == ("orphan", 2)
    for words in (
        "3 of 10 rows of small",
        "30.0%",
        "bound 20.0%",
        "orphan 2",
        "gold is left",
        "quarantine/small",
    ):
        assert words in str(breach)


def test_each_delivery_is_held_against_the_bound_alone(lake):
    path = lake({"small.csv": 100, "2025-02-01/small.csv": 5}, {"2025-02-01/small.csv": [["r"]] * 3})
    assert [breach.delivery for breach in breaches_of(path, CONTRACT)] == ["2025-02-01"]


def test_one_or_two_bad_rows_prove_nothing_about_a_small_delivery(lake):
    assert breaches_of(lake({"small.csv": 4}, {"small.csv": [["r"]] * 2}), CONTRACT) == []


def test_a_file_that_was_replaced_is_held_against_its_last_content_alone(lake):
    bad = {"small.csv": [["column_count"]] * 4}
    assert (
        breaches_of(lake({"small.csv": 14}, bad, {"small.csv": {"run": "second", "rows": 7}}), CONTRACT) == []
    )


def test_the_last_content_of_a_replaced_file_counts(lake):
    bad = {"small.csv": [["column_count"]] * 4}
    (breach,) = breaches_of(
        lake({"small.csv": 27}, bad, {"small.csv": {"run": "first", "rows": 7}}), CONTRACT
    )
    assert (breach.rows, breach.quarantined) == (7, 4)
