"""Few rows of a small table, written by delta-rs in hundredths of a second; Spark's MERGE takes seconds."""

from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc
from deltalake import CommitProperties, DeltaTable, write_deltalake
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.places import is_local
from carelake.states import Note, is_large

OPERATION = "_operation"
INSERT, UPDATE, DELETE, SAME = "insert", "update", "delete", "same"
FEW, FEW_RAW = 100_000, 10_000
"""So many rows are taken out of Spark at most; fewer where they hold lines as delivered, of up to 64 KB."""
RAW = ("bronze/", "quarantine/")
FEATURES = {"appendOnly", "changeDataFeed", "invariants"}
"""What Spark asks of those who write the tables it makes here."""


def takes(path: Path, columns: list[str]) -> bool:
    """Tell whether few rows with these columns can be written here: the table is there, small and plain.

    In object stores Spark writes: it is told how to by `conf/spark/s3.conf`. It also fills a column that a
    contract has no more.
    """
    if not is_local(path) or not DeltaTable.is_deltatable(str(path)):
        return False
    table = DeltaTable(str(path))
    names = {field.name for field in table.schema().fields}
    return _is_plain(table) and names == set(columns) and not is_large(path)


def most(table: str) -> int:
    """Return how many rows of a table are few."""
    return FEW_RAW if table.startswith(RAW) else FEW


def taken(frame: DataFrame, most: int) -> pa.Table | None:
    """Return a frame's rows; None where they are more than so many."""
    rows = frame.limit(most + 1).toArrow()
    return rows if rows.num_rows <= most else None


def taken_changes(difference: DataFrame, columns: list[str], keys: list[str], most: int) -> pa.Table | None:
    """Return changed rows, each with what became of it; None where they are too many.

    Keys are there twice, since nothing else is known of a deleted row.
    """
    known = [F.col(f"`{key}`").alias(name) for key, name in _names(keys).items()]
    values = [F.col(f"_new.`{column}`") for column in columns]
    return taken(difference.select(OPERATION, *known, *values), most)


def operations(rows: pa.Table) -> dict[str, int]:
    """Return how many of the changed rows are inserts, updates and deletes."""
    counted = pc.value_counts(rows.column(OPERATION))
    return {entry["values"]: entry["counts"] for entry in counted.to_pylist()}


def change(path: Path, rows: pa.Table, columns: list[str], keys: list[str], note: Note) -> None:
    """Apply changed rows to a table in one commit; without rows it carries the note alone."""
    if operations(rows).keys() <= {INSERT}:
        append(path, rows.select(columns), note)
        return
    same_key = " and ".join(f"t.`{key}` = s.`{name}`" for key, name in _names(keys).items())
    values = {f"`{column}`": f"s.`{column}`" for column in columns}
    table = DeltaTable(str(path))
    merge = table.merge(rows, same_key, source_alias="s", target_alias="t", commit_properties=_told(note))
    merge = merge.when_matched_delete(f"s.{OPERATION} = '{DELETE}'").when_matched_update(values)
    merge.when_not_matched_insert(values).execute()


def append(path: Path, rows: pa.Table, note: Note) -> None:
    """Add rows to a table in one commit; without rows it carries the note alone."""
    write_deltalake(str(path), rows, mode="append", commit_properties=_told(note))


def _is_plain(table: DeltaTable) -> bool:
    """Tell whether a table has no feature that delta-rs might not know."""
    asked = table.protocol()
    is_known = asked.writer_features is not None and FEATURES.issuperset(asked.writer_features)
    return is_known and not asked.reader_features


def _told(note: Note) -> CommitProperties:
    return CommitProperties(custom_metadata={"userMetadata": note.text()})


def _names(keys: list[str]) -> dict[str, str]:
    return {key: f"_key_{place}" for place, key in enumerate(keys)}
