"""Few rows of a small table, written by delta-rs in hundredths of a second; Spark's MERGE takes seconds."""

from collections import Counter
from pathlib import Path

import pyarrow as pa
from deltalake import CommitProperties, DeltaTable, write_deltalake
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.places import is_local
from carelake.states import Note, is_large, marks_rows

OPERATION = "_operation"
INSERT, UPDATE, DELETE, SAME = "insert", "update", "delete", "same"
FEW = 100_000
"""So many rows are taken out of Spark at most."""


def is_small(path: Path) -> bool:
    """Tell whether there is a table whose files all can be written anew in no time.

    In object stores Spark writes: it is told how to by `conf/spark/s3.conf`.
    """
    is_here = is_local(path) and DeltaTable.is_deltatable(str(path))
    return is_here and not marks_rows(path) and not is_large(path)


def taken(frame: DataFrame) -> pa.Table | None:
    """Return a frame's rows; None where they are too many to be taken out of Spark."""
    rows = frame.limit(FEW + 1).toArrow()
    return rows if rows.num_rows <= FEW else None


def taken_changes(difference: DataFrame, columns: list[str], keys: list[str]) -> pa.Table | None:
    """Return changed rows, each with what became of it; None where they are too many.

    Keys are there twice, since nothing else is known of a deleted row.
    """
    known = [F.col(f"`{key}`").alias(name) for key, name in _names(keys).items()]
    return taken(difference.select(OPERATION, *known, *(F.col(f"_new.`{column}`") for column in columns)))


def operations(rows: pa.Table) -> dict[str, int]:
    """Return how many of the changed rows are inserts, updates and deletes."""
    return Counter(rows.column(OPERATION).to_pylist())


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


def _told(note: Note) -> CommitProperties:
    return CommitProperties(custom_metadata={"userMetadata": note.text()})


def _names(keys: list[str]) -> dict[str, str]:
    return {key: f"_key_{place}" for place, key in enumerate(keys)}
