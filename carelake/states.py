"""What the last commit of a table says of itself; read from the Delta log without a JVM."""

import json
from collections import Counter
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pyarrow as pa
from deltalake import DeltaTable, QueryBuilder

RECENT = 20
LONGEST_WRITE_MS = 24 * 3600 * 1000
"""A commit's files are older than the commit, by as much as it took to write them: a day at most."""

LARGE_BYTES = 16 * 1024 * 1024
"""From here on, to rewrite files for a few rows takes longer than to read past rows that are gone."""


@dataclass(frozen=True)
class Note:
    """What a run writes into the commit it makes: the inputs the rows were made from.

    `contract` is the fingerprint of the contract the rows obey. `inputs` gives each input's `stamp`.
    `data_version` is the last version that changed rows, where this commit didn't; None says that this one
    did. `files` is bronze's register of the files consumed so far.
    """

    run_id: str
    contract: str
    inputs: dict[str, str] = field(default_factory=dict)
    data_version: int | None = None
    files: dict[str, dict[str, Any]] = field(default_factory=dict)

    def text(self) -> str:
        """Return the note as the commit carries it."""
        return json.dumps({"carelake": asdict(self)}, sort_keys=True)


@dataclass(frozen=True)
class State:
    """A table as it stands: its version, the last version that changed rows, and its last note."""

    version: int
    data_version: int
    note: Note

    @property
    def stamp(self) -> str:
        """What a reader notes of the table: the contract its rows obey, the version they last changed."""
        return f"{self.note.contract}:{self.data_version}"


def read_state(path: Path) -> State | None:
    """Return the state of the table at `path`; None where there is no table a run has written."""
    if not DeltaTable.is_deltatable(str(path)):
        return None
    table = DeltaTable(str(path))
    for limit in (RECENT, None):
        for entry in table.history(limit):
            note = _note(entry.get("userMetadata"))
            if note:
                version = int(entry["version"])
                changed = version if note.data_version is None else note.data_version
                return State(table.version(), changed, note)
    return None


def keeps_changes(path: Path, after: int) -> bool:
    """Tell whether the changes that followed a version can still be read.

    A VACUUM removes what was written before its retention began, change data included. Which versions that
    leaves whole follows from the log, whoever it was that ran it.
    """
    table = DeltaTable(str(path))
    commits = table.history(table.version() - after)
    if len(commits) < table.version() - after:
        return False
    vacuumed = [_kept_since(commit) for commit in commits if commit["operation"] == "VACUUM START"]
    changed = [commit["timestamp"] for commit in commits if _changed_rows(commit)]
    return not vacuumed or all(timestamp > max(vacuumed) + LONGEST_WRITE_MS for timestamp in changed)


def _kept_since(vacuum: dict[str, Any]) -> int:
    """Return the instant, in ms of the epoch, from which on a VACUUM has kept all files."""
    said = vacuum["operationParameters"]
    retention = said.get("specifiedRetentionMillis") or said["defaultRetentionMillis"]
    return int(vacuum["timestamp"]) - int(retention)


def _changed_rows(commit: dict[str, Any]) -> bool:
    note = _note(commit.get("userMetadata"))
    return note is None or note.data_version is None


@dataclass(frozen=True)
class Content:
    """What a table holds at a version: its columns, as Spark writes a schema, and its Parquet files."""

    schema: str
    files: list[str]


def plain_content(path: Path, version: int | None = None) -> Content | None:
    """Return what a table holds; None where its Parquet files alone don't tell, or there are none.

    They do in tables of the first reader version. Later ones may rename columns, or mark rows as deleted.
    """
    table = DeltaTable(str(path), version=version)
    names = table.get_add_actions().column("path").to_pylist()
    if not names or table.protocol().min_reader_version > 1 or table.metadata().partition_columns:
        return None
    return Content(table.schema().to_json(), [f"{path}/{unquote(name)}" for name in names])


def marks_rows(path: Path) -> bool:
    """Tell whether updates of a table mark rows as gone, and leave the files that hold them."""
    return "deletionVectors" in (DeltaTable(str(path)).protocol().reader_features or [])


def is_large(path: Path) -> bool:
    """Tell whether to write a table's files anew takes long."""
    return sum(file_sizes(path)) >= LARGE_BYTES


def file_sizes(path: Path) -> list[int]:
    """Return the bytes of each of a table's data files."""
    sizes = DeltaTable(str(path)).get_add_actions().column("size_bytes")
    return [int(size) for size in sizes.to_pylist()]


def row_count(path: Path) -> int:
    """Return the number of rows of a table, from the statistics in its log."""
    actions = DeltaTable(str(path)).get_add_actions(flatten=True)
    names = actions.schema.names
    return sum(actions.column(names.index("num_records")).to_pylist())


def read_rows(path: Path, query: str = "select * from t") -> list[dict[str, Any]]:
    """Return what a query finds in a small table, which it calls `t`; nothing where there is no table.

    delta-rs reads by itself: the threads of PyArrow's reader, which `to_pyarrow_table` takes, still let go of
    Python's buffers while a short command ends, and abort it.
    """
    if not DeltaTable.is_deltatable(str(path)):
        return []
    found = QueryBuilder().register("t", DeltaTable(str(path))).execute(query)
    return pa.table(found.read_all()).to_pylist()  # type: ignore[no-any-return]


def quarantine_reasons(path: Path) -> Counter[str]:
    """Return how many rows of a quarantine broke which rule; nothing where there is no such table."""
    return Counter(reason for row in read_rows(path, "select _reasons from t") for reason in row["_reasons"])


def _note(text: str | None) -> Note | None:
    content = json.loads(text) if text else {}
    return Note(**content["carelake"]) if "carelake" in content else None
