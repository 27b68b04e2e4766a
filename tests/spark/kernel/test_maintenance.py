"""A lake that is maintained, however late its readers are, ends as one that never was."""

from datetime import timedelta

import pytest

from carelake import states
from carelake.delta import Lake
from carelake.maintenance import maintain, tables_of
from carelake.states import Note, keeps_changes, marks_rows, read_rows
from tests.builders import assert_same_rows
from tests.spark.kernel.small_place import DELIVERIES, Place

TABLE = "silver/small"


def maintain_all(lake: Lake):
    """Leave nothing but what the last versions hold, in one file each."""
    tables = tables_of(lake.root)
    return [
        maintain(lake.root, table, "maintenance", timedelta(0), lambda: lake.session, many=1)
        for table in tables
    ]


@pytest.fixture
def place(spark, tmp_path):
    return Place(spark, tmp_path / "lake")


@pytest.fixture(params=["files rewritten", "rows marked"])
def marks(request, monkeypatch):
    """Whether an update of even a small table marks rows."""
    if request.param == "rows marked":
        monkeypatch.setattr(states, "LARGE_BYTES", 0)
    return request.param == "rows marked"


def test_maintenance_between_deliveries_and_before_they_are_read_changes_nothing(
    spark, tmp_path, place, marks
):
    whole = Place(spark, tmp_path / "whole")
    visits, read = place.lake.path("bronze/visits"), -1
    for number, delivery in enumerate(DELIVERIES):
        whole.deliver(**delivery)
        place.deliver(**delivery)
        maintain_all(place.lake)
        assert number == 0 or not keeps_changes(visits, read), "what is to be read next is gone"
        place.build()
        read = place.lake.state("bronze/visits").data_version
        maintain_all(place.lake)
        assert set(place.build().values()) == {"current"}, "no reader takes maintenance for a change"
    assert any(marks_rows(place.lake.path(table)) for table in tables_of(place.lake.root)) == marks
    for table in whole.build():
        assert_same_rows(place.lake.read(table), whole.lake.read(table))
    assert not any(one.is_changed for one in maintain_all(place.lake)), "there is nothing left to do"


def test_what_holds_the_marks_of_rows_stays_and_files_without_a_reader_go(spark, tmp_path, monkeypatch):
    monkeypatch.setattr(states, "LARGE_BYTES", 0)
    root = tmp_path / "a lake's `own` [1]*{x}"
    lake = Lake(root, lambda: spark)
    lake.overwrite(TABLE, spark.range(1000).coalesce(1).toDF("id"), Note("first", "c1"))
    few = lake.read(TABLE).where("id < 10")
    lake.apply(TABLE, few, few.where("id < 5"), ["id"], Note("second", "c1"))
    (marks,) = lake.path(TABLE).glob("deletion_vector_*.bin")
    (lake.path(TABLE) / "left behind.parquet").write_bytes(bytes(5000))
    stamp = lake.state(TABLE).stamp

    told = maintain(root, TABLE, "maintenance", timedelta(0), lambda: spark, dry_run=True)
    assert told.files_removed == len(list(lake.path(TABLE).rglob("cdc-*.parquet"))) + 1
    assert (lake.path(TABLE) / "left behind.parquet").exists()

    done = maintain(root, TABLE, "maintenance", timedelta(0), lambda: spark)
    assert (done.files_removed, done.bytes_freed) == (told.files_removed, told.bytes_freed)
    assert [file.name for file in lake.path(TABLE).glob("*.bin")] == [marks.name]
    assert list(lake.path(TABLE).rglob("left behind*")) + list(lake.path(TABLE).rglob("cdc-*")) == []
    assert lake.read(TABLE).count() == read_rows(lake.path(TABLE), "select count(*) n from t")[0]["n"] == 995
    assert lake.state(TABLE).stamp == stamp
    assert not maintain(root, TABLE, "maintenance", timedelta(0), lambda: spark).is_changed
