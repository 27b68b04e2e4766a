"""One module writes Delta: rows and note in one commit, touching only what differs."""

import pytest
from chispa import assert_df_equality
from delta.tables import DeltaTable as DeltaOnSpark
from deltalake import DeltaTable
from pyspark.sql import functions as F

from carelake import few
from carelake.delta import Lake, Written
from carelake.states import Note

TABLE = "silver/small"
SCHEMA = "id string, value string, tags array<string>"


@pytest.fixture
def lake(spark, tmp_path):
    return Lake(tmp_path, lambda: spark)


@pytest.fixture
def frame(spark):
    def of(*rows):
        return spark.createDataFrame([(*row, ["t"]) for row in rows], SCHEMA)

    return of


@pytest.fixture
def by_spark(monkeypatch):
    """Have Spark write also what is small."""
    monkeypatch.setattr(few, "FEW", -1)


@pytest.fixture
def three(lake, frame):
    """A table of three rows, and how to turn it into others."""
    lake.overwrite(TABLE, frame(("1", "a"), ("2", "b"), ("3", None)), note("first"))

    def apply(*rows):
        return lake.apply(TABLE, lake.read(TABLE), frame(*rows), ["id"], note("second"))

    return apply


@pytest.fixture(params=["by delta-rs", "by Spark"])
def table(three, request):
    """The same, changed either way."""
    if request.param == "by Spark":
        request.getfixturevalue("by_spark")
    return three


def note(run):
    return Note(run, "c1", {"bronze/small": "c1:7"})


def held(lake):
    return sorted((row["id"], row["value"]) for row in lake.read(TABLE).collect())


def rows_of_last_commit(lake):
    version = lake.state(TABLE).version
    feed = lake.changes(TABLE, version - 1, version).collect()
    return sorted((row["_change_type"], row["id"], row["value"]) for row in feed)


@pytest.mark.parametrize(
    ("rows", "written", "changes"),
    [
        (
            [("1", "a"), ("2", "b"), ("3", None), ("4", "d")],
            Written(inserted=1),
            [("insert", "4", "d")],
        ),
        (
            [("1", "a"), ("2", "B"), ("3", None)],
            Written(updated=1),
            [("update_postimage", "2", "B"), ("update_preimage", "2", "b")],
        ),
        ([("1", "a"), ("3", None)], Written(deleted=1), [("delete", "2", "b")]),
        (
            [("1", "a"), ("2", None), ("4", "d")],
            Written(inserted=1, updated=1, deleted=1),
            [
                ("delete", "3", None),
                ("insert", "4", "d"),
                ("update_postimage", "2", None),
                ("update_preimage", "2", "b"),
            ],
        ),
    ],
    ids=["insert", "update", "delete", "all of it, nulls too"],
)
def test_only_what_differs_is_written_in_one_commit(lake, table, rows, written, changes):
    before = lake.state(TABLE).version
    assert table(*rows) == written
    assert held(lake) == sorted(rows)
    state = lake.state(TABLE)
    assert (state.version, state.data_version, state.note.run_id) == (before + 1, before + 1, "second")
    assert rows_of_last_commit(lake) == changes


def test_where_nothing_differs_the_commit_carries_the_note_alone(lake, table):
    assert table(("3", None), ("1", "a"), ("2", "b")).changed == 0
    state = lake.state(TABLE)
    assert (state.version, state.data_version, state.note.run_id) == (1, 0, "second")
    assert rows_of_last_commit(lake) == []


def test_rows_outside_the_old_ones_are_left_alone(lake, table, frame):
    old = lake.read(TABLE).where("id = '2'")
    assert lake.apply(TABLE, old, frame(("2", "x")), ["id"], note("second")) == Written(updated=1)
    assert held(lake) == [("1", "a"), ("2", "x"), ("3", None)]


def test_a_whole_table_of_which_most_differs_is_written_anew_in_one_commit(lake, frame, by_spark):
    commented = frame(("1", "a"), ("2", "b"), ("3", None)).withMetadata(
        "value", {"comment": "What it holds."}
    )
    lake.overwrite(TABLE, commented, note("first"))
    new = frame(("1", "x"), ("2", "b"), ("4", None))
    written = lake.apply(TABLE, lake.read(TABLE), new, ["id"], note("second"), is_whole=True)
    assert written == Written(inserted=1, updated=1, deleted=1)
    assert held(lake) == [("1", "x"), ("2", "b"), ("4", None)]
    assert {change for change, *_ in rows_of_last_commit(lake)} == {"insert", "delete"}
    state = lake.state(TABLE)
    assert (state.version, state.data_version, state.note.run_id) == (1, 1, "second")
    assert lake.read(TABLE).schema["value"].metadata["comment"] == "What it holds."


def test_of_a_whole_table_that_differs_little_only_that_is_written(lake, table, frame):
    new = frame(("1", "a"), ("2", "B"), ("3", None))
    lake.apply(TABLE, lake.read(TABLE), new, ["id"], note("second"), is_whole=True)
    assert held(lake) == [("1", "a"), ("2", "B"), ("3", None)]
    assert rows_of_last_commit(lake) == [("update_postimage", "2", "B"), ("update_preimage", "2", "b")]


def test_more_than_few_rows_are_left_to_spark(lake, three, monkeypatch):
    monkeypatch.setattr(few, "FEW", 1)
    three(("1", "x"), ("2", "y"), ("3", None))
    monkeypatch.setattr(few, "FEW", 2)
    three(("1", "a"), ("2", "b"), ("3", None))
    commits = DeltaTable(str(lake.path(TABLE))).history(2)
    assert ["delta-rs" in commit["engineInfo"] for commit in commits] == [True, False]


@pytest.mark.parametrize(
    "kind", ["date", "timestamp", "decimal(18,2)", "double", "boolean", "array<struct<a:int,b:string>>"]
)
def test_columns_of_all_kinds_are_read_as_spark_has_them(lake, spark, kind):
    values = {
        "date": "date'2024-02-29'",
        "timestamp": "timestamp'2024-02-29 23:59:59.123456Z'",
        "decimal(18,2)": "9999999999999999.99",
        "double": "double('nan')",
        "boolean": "true",
        "array<struct<a:int,b:string>>": "array(named_struct('a', 1, 'b', cast(null as string)))",
    }
    rows = spark.sql(f"select 1 as id, cast({values[kind]} as {kind}) as value union all select 2, null")
    lake.overwrite(TABLE, rows.limit(0), note("first"))
    lake.apply(TABLE, lake.read(TABLE), rows, ["id"], note("second"))
    swapped = rows.withColumn("id", 3 - F.col("id"))
    assert lake.apply(TABLE, lake.read(TABLE), swapped, ["id"], note("third")) == Written(updated=2)
    held_now = lake.read(TABLE)
    assert_df_equality(
        held_now, swapped, ignore_row_order=True, ignore_nullable=True, allow_nan_equality=True
    )
    assert lake.apply(TABLE, lake.read(TABLE), swapped, ["id"], note("third")) == Written()


def test_many_changes_of_one_file_are_those_that_were_asked_for(lake, spark):
    """delta-rs 1.6.0 took a key of a file of more than 8,192 rows to be there twice (delta-rs issue 4471)."""
    rows = spark.range(50_000).select(F.col("id").cast("string"), F.lit("a").alias("value"))
    lake.overwrite(TABLE, rows.coalesce(1), note("first"))
    new = rows.withColumn("value", F.when(F.col("id") < 30_000, "b").otherwise(F.col("value")))
    assert lake.apply(TABLE, lake.read(TABLE), new, ["id"], note("second")) == Written(updated=30_000)
    assert lake.read(TABLE).where("value = 'b'").count() == 30_000
    assert lake.read(TABLE).distinct().count() == 50_000


def test_a_table_that_another_writer_gave_a_feature_is_left_to_spark(lake, three, spark):
    path = str(lake.path(TABLE))
    spark.sql(f"alter table delta.`{path}` set tblproperties ('delta.enableInCommitTimestamps' = 'true')")
    assert three(("1", "x"), ("2", "b"), ("3", None)) == Written(updated=1)
    assert held(lake) == [("1", "x"), ("2", "b"), ("3", None)]


def test_rows_without_a_column_of_their_table_are_added_with_nothing_in_it(lake, frame):
    lake.append(TABLE, frame(("1", "a")), note("first"))
    lake.append(TABLE, frame(("2", "b")).drop("tags"), note("second"))
    assert [row["tags"] for row in lake.read(TABLE).orderBy("id").collect()] == [["t"], None]


def test_keys_may_be_several_and_columns_have_capitals_or_words_of_sql(lake, spark):
    names = "Two string, KEY int, `order` double"
    old = spark.createDataFrame([("a", 1, 0.5), ("a", 2, 0.5), ("b", 1, 0.5)], names)
    new = spark.createDataFrame([("a", 1, 1.5), ("b", 1, 0.5), ("b", 2, 0.5)], names)
    lake.overwrite(TABLE, old, note("first"))
    written = lake.apply(TABLE, lake.read(TABLE), new, ["Two", "KEY"], note("second"))
    assert written == Written(inserted=1, updated=1, deleted=1)
    assert_df_equality(lake.read(TABLE), new, ignore_row_order=True, ignore_nullable=True)


def test_an_append_adds_rows_and_note_in_one_commit(lake, frame):
    lake.append(TABLE, frame(("1", "a")), note("first"))
    lake.append(TABLE, frame(("2", "b")), note("second"))
    assert held(lake) == [("1", "a"), ("2", "b")]
    assert (lake.state(TABLE).version, lake.state(TABLE).note) == (1, note("second"))


def test_an_append_without_rows_still_carries_its_note(lake, frame):
    lake.append(TABLE, frame(), note("first"))
    lake.append(TABLE, frame(), note("second"))
    assert (lake.state(TABLE).version, lake.state(TABLE).note.run_id) == (1, "second")
    assert held(lake) == []


def test_a_version_that_was_pinned_stays_readable(lake, three):
    three(("9", "z"))
    assert lake.read(TABLE, 0).count() == 3
    assert lake.read(TABLE).count() == 1


def test_an_overwrite_brings_its_own_columns_and_their_descriptions(lake, three, spark):
    described = spark.createDataFrame([("1",)], "other string").select("other")
    lake.overwrite(TABLE, described, note("second"))
    assert lake.read(TABLE).columns == ["other"]


def test_other_readers_can_read_what_was_merged(lake, table):
    table(("1", "x"), ("4", "d"))
    read = DeltaTable(str(lake.path(TABLE))).to_pyarrow_table(columns=["id", "value"]).to_pylist()
    assert sorted((row["id"], row["value"]) for row in read) == [("1", "x"), ("4", "d")]


def test_a_folder_may_be_called_what_a_pattern_is(spark, frame, tmp_path):
    lake = Lake(tmp_path / "a lake [1]*{x}", lambda: spark)
    lake.overwrite(TABLE, frame(("1", "a")), note("first"))
    lake.apply(TABLE, lake.read(TABLE), frame(("1", "b"), ("2", "c")), ["id"], note("second"))
    assert held(lake) == [("1", "b"), ("2", "c")]


def test_rows_that_another_writer_marked_as_deleted_are_not_read(lake, three, spark):
    path = str(lake.path(TABLE))
    spark.sql(f"alter table delta.`{path}` set tblproperties ('delta.enableDeletionVectors' = 'true')")
    DeltaOnSpark.forPath(spark, path).delete("id = '2'")
    assert held(lake) == [("1", "a"), ("3", None)]


def test_a_table_that_another_writer_partitioned_is_read_whole(lake, frame):
    frame(("1", "a")).write.format("delta").partitionBy("value").save(str(lake.path(TABLE)))
    assert held(lake) == [("1", "a")]
