"""The one module that writes Delta tables, few rows by `carelake.few`; it takes its orders from contracts."""

import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from threading import Lock

import pyarrow as pa
from delta.tables import DeltaTable
from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F
from pyspark.sql.types import StructType

from carelake import few
from carelake.few import DELETE, INSERT, OPERATION, SAME, UPDATE
from carelake.states import Note, State, is_large, marks_rows, plain_content, read_state

MOST = 0.5
"""Share of a table's rows from which on writing it anew takes less than a MERGE."""
USER_METADATA = "spark.databricks.delta.commitInfo.userMetadata"
MARKS_ROWS = "'delta.enableDeletionVectors' = 'true'"
TRANSACTION = "carelake"
GLOB = "__globPaths__"
"""Spark's own option: whether `*` and brackets in a path stand for others."""


@dataclass(frozen=True)
class Written:
    """What a commit did to a table's rows; all zero where the rows stayed as they were."""

    inserted: int = 0
    updated: int = 0
    deleted: int = 0

    @property
    def changed(self) -> int:
        """Rows touched in any way."""
        return self.inserted + self.updated + self.deleted


class Lake:
    """Delta tables below one root, read and written through one Spark session.

    The session is started when it is first needed: a run that finds nothing to do needs none.
    """

    def __init__(self, root: Path, start_session: Callable[[], SparkSession]) -> None:
        """Take the lake's root folder and how to start the session to work with."""
        self.root = root
        self._start_session = start_session
        self._starting = Lock()

    @property
    def session(self) -> SparkSession:
        """The session, started at most once."""
        with self._starting:
            return self._session

    @cached_property
    def _session(self) -> SparkSession:
        return self._start_session()

    def path(self, table: str) -> Path:
        """Return the folder of a table such as `silver/encounters`."""
        return self.root / table

    def state(self, table: str) -> State | None:
        """Return the state of a table; None where it doesn't exist."""
        return read_state(self.path(table))

    def read(self, table: str, version: int | None = None) -> DataFrame:
        """Read a table, at a version if one is given.

        The files are named here where that is all there is to know: Delta would have Spark look them up by a
        job of its own for each time a plan reads the table, a sixth of what a run on small data takes.
        """
        content = plain_content(self.path(table), version)
        if content is None:
            reader = self.session.read.format("delta")
            pinned = reader if version is None else reader.option("versionAsOf", version)
            return pinned.load(str(self.path(table)))
        schema = StructType.fromJson(json.loads(content.schema))
        return self.session.read.schema(schema).option(GLOB, "false").parquet(*content.files)

    def changes(self, table: str, after: int, upto: int) -> DataFrame:
        """Read the rows, old image and new, that the commits after one version up to another changed."""
        reader = self.session.read.format("delta").option("readChangeFeed", "true")
        feed = reader.option("startingVersion", after + 1).option("endingVersion", upto)
        return feed.load(str(self.path(table)))

    def append(self, table: str, rows: DataFrame, note: Note) -> None:
        """Add rows in one commit; without rows the commit carries the note alone."""
        if few.takes(self.path(table), rows.columns):
            taken = few.taken(rows, few.most(table))
            if taken is not None:
                few.append(self.path(table), taken, note)
                return
        version = self._next_version(table)
        writer = rows.write.format("delta").mode("append").option("userMetadata", note.text())
        # An append without rows and without a transaction would not be committed at all.
        transaction = writer.option("txnAppId", TRANSACTION).option("txnVersion", version)
        transaction.save(str(self.path(table)))

    def overwrite(self, table: str, rows: DataFrame, note: Note, *, keep_schema: bool = False) -> None:
        """Write a table anew, with the schema of the rows, or its own and what that says of columns."""
        writer = rows.write.format("delta").mode("overwrite").option("overwriteSchema", not keep_schema)
        writer.option("userMetadata", note.text()).save(str(self.path(table)))

    def apply(
        self,
        table: str,
        old: DataFrame,
        new: DataFrame,
        keys: list[str],
        note: Note,
        *,
        is_whole: bool = False,
    ) -> Written:
        """Turn the `old` rows of a table into the `new` ones in one commit, touching only what differs.

        Both frames hold the same columns and cover the same scopes; `keys` are unique in each. With
        `is_whole` they cover all of the table: where most of it differs, it is written anew. Few changes of
        a small table are written by delta-rs.
        """
        compared = _compared(old, new, keys)
        if few.takes(self.path(table), new.columns):
            changes = few.taken_changes(_differing(compared), new.columns, keys, few.most(table))
            if changes is not None:
                written = _written(few.operations(changes))
                note = self._unless_changed(table, note, written)
                self._change(table, changes, new.columns, keys, note)
                return written
        kept = (compared if is_whole else _differing(compared)).persist(StorageLevel.MEMORY_AND_DISK)
        try:
            return self._apply(table, kept, new.columns, keys, note, is_whole=is_whole)
        finally:
            kept.unpersist()

    def _apply(
        self,
        table: str,
        compared: DataFrame,
        columns: list[str],
        keys: list[str],
        note: Note,
        *,
        is_whole: bool,
    ) -> Written:
        rows = _rows_by_operation(compared)
        written = _written(rows)
        if is_whole and written.changed > MOST * sum(rows.values()):
            left = compared.where(F.col(OPERATION) != DELETE).select("_new.*")
            self.overwrite(table, left, note, keep_schema=True)
        elif written.updated or written.deleted:
            self._merge(table, _differing(compared), columns, keys, note)
        else:
            added = _differing(compared).select("_new.*")
            self.append(table, added, self._unless_changed(table, note, written))
        return written

    def _change(self, table: str, changes: pa.Table, columns: list[str], keys: list[str], note: Note) -> None:
        few.change(self.path(table), changes, columns, keys, note)

    def _merge(
        self, table: str, difference: DataFrame, columns: list[str], keys: list[str], note: Note
    ) -> None:
        # The commit's metadata is a setting of the session on a MERGE, so each merge has one of its own.
        session = self.session.newSession()
        if is_large(self.path(table)) and not marks_rows(self.path(table)):
            session.sql(f"ALTER TABLE {quoted(self.path(table))} SET TBLPROPERTIES ({MARKS_ROWS})")
        session.conf.set(USER_METADATA, note.text())
        target = DeltaTable.forPath(session, str(self.path(table))).alias("t")
        values: dict[str, str | Column] = {column: F.col(f"s._new.{column}") for column in columns}
        same_key = " and ".join(f"t.`{key}` = s.`{key}`" for key in keys)
        merge = target.merge(difference.alias("s"), same_key)
        merge = merge.whenMatchedDelete(f"s.{OPERATION} = '{DELETE}'").whenMatchedUpdate(set=values)
        merge.whenNotMatchedInsert(values=values).execute()

    def _unless_changed(self, table: str, note: Note, written: Written) -> Note:
        state = self.state(table)
        return note if written.changed or state is None else replace(note, data_version=state.data_version)

    def _next_version(self, table: str) -> int:
        state = self.state(table)
        return 0 if state is None else state.version + 1


def quoted(path: Path) -> str:
    """Return a Delta table as SQL names it, whatever its folder is called."""
    return "delta.`{}`".format(str(path).replace("`", "``"))


def _compared(old: DataFrame, new: DataFrame, keys: list[str]) -> DataFrame:
    """Return each key with its new row, and what became of it."""
    before = old.select(*keys, F.struct(*new.columns).alias("_old"))
    after = new.select(*keys, F.struct(*new.columns).alias("_new"))
    operation = (
        F.when(F.col("_old").isNull(), INSERT)
        .when(F.col("_new").isNull(), DELETE)
        .when(F.col("_old").eqNullSafe(F.col("_new")), SAME)
        .otherwise(UPDATE)
    )
    return before.join(after, on=keys, how="full_outer").select(*keys, "_new", operation.alias(OPERATION))


def _written(rows: dict[str, int]) -> Written:
    return Written(*(rows.get(operation, 0) for operation in (INSERT, UPDATE, DELETE)))


def _differing(compared: DataFrame) -> DataFrame:
    return compared.where(F.col(OPERATION) != SAME)


def _rows_by_operation(compared: DataFrame) -> dict[str, int]:
    return {row[OPERATION]: row["count"] for row in compared.groupBy(OPERATION).count().collect()}
