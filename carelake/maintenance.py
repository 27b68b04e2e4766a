"""Keeping Delta tables fit to be read: small files made one, files of old versions removed.

This is delta-rs' work: it writes no rows, and needs seconds where a session needs a minute. Only tables that
an update marks rows in are left to Spark.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import Protocol

from deltalake import CommitProperties, DeltaTable
from pyspark.sql import SparkSession

from carelake.events import TableMaintained
from carelake.marked import Marked
from carelake.states import Note, file_sizes, marks_rows, read_state

RETENTION = timedelta(hours=168)
"""Files that no longer belong to a table stay so long at least: whoever began to read it may need them."""
SMALL_BYTES = 32 * 1024 * 1024
MANY = 8
"""So many small files a reader opens without noticing: a build writes up to four, a later run one or two."""


def tables_of(lake: Path) -> list[str]:
    """Return all Delta tables of a lake, the ledger included, as `gold/fact_claims`."""
    logs = [*lake.glob("*/_delta_log"), *lake.glob("*/*/_delta_log")]
    return sorted(log.parent.relative_to(lake).as_posix() for log in logs)


class Keeper(Protocol):
    """What can be done for a table without changing its rows."""

    def compact(self) -> None:
        """Make few files of many."""

    def left_over(self, retention: timedelta) -> list[str]:
        """Return the files, seen from the table, that no version kept refers to."""

    def vacuum(self, retention: timedelta) -> None:
        """Remove them."""

    def checkpoint(self) -> None:
        """Sum up the log, and remove what is older than the table's own `delta.logRetentionDuration`."""


def maintain(
    lake: Path,
    table: str,
    run_id: str,
    retention: timedelta,
    start: Callable[[], SparkSession],
    *,
    many: int = MANY,
    dry_run: bool = False,
) -> TableMaintained:
    """Compact a table of more than `many` small files, and remove what left it longer ago than the retention.

    Rows stay as they are, and so does the version that readers have noted of them. With `dry_run` nothing is
    done, and what is told is what would be, but for `files_after`. What is touched gets a checkpoint. `start`
    gives a session, for tables whose rows are marked.
    """
    started = time.monotonic()
    path, note = lake / table, _note(lake / table, run_id)
    keeper: Keeper = Marked(path, note, start) if marks_rows(path) else Plain(path, note)
    before = len(DeltaTable(str(path)).file_uris())
    crowded = small_files(path) > many
    if crowded and not dry_run:
        keeper.compact()
    freed, removed = _freed(keeper, path, retention, dry_run=dry_run)
    if (crowded or removed) and not dry_run:
        keeper.checkpoint()
    after = len(DeltaTable(str(path)).file_uris())
    seconds = time.monotonic() - started
    return TableMaintained(table, before, after, crowded, removed, freed, seconds)


def _freed(keeper: Keeper, path: Path, retention: timedelta, *, dry_run: bool) -> tuple[int, int]:
    """Return how many bytes of how many files are removed, or would be."""
    # The log remembers files for a while that an earlier time has removed.
    old = [file for file in keeper.left_over(retention) if (path / file).is_file()]
    freed = sum((path / file).stat().st_size for file in old)
    if old and not dry_run:
        keeper.vacuum(retention)
        _remove_checksums(path, old)
    return freed, len(old)


@dataclass(frozen=True)
class Plain:
    """A table whose Parquet files are all there is to it; its commits carry the note, if there is one."""

    path: Path
    note: Note | None

    def compact(self) -> None:
        """Make few files of many."""
        DeltaTable(str(self.path)).optimize.compact(commit_properties=self._said())

    def left_over(self, retention: timedelta) -> list[str]:
        """Return the files, seen from the table, that no version kept refers to."""
        return self._vacuum(retention, dry_run=True)

    def vacuum(self, retention: timedelta) -> None:
        """Remove them."""
        self._vacuum(retention, dry_run=False)

    def _vacuum(self, retention: timedelta, *, dry_run: bool) -> list[str]:
        return DeltaTable(str(self.path)).vacuum(
            retention_hours=int(retention / timedelta(hours=1)),
            dry_run=dry_run,
            # The command has refused less than is safe; a table's own property would know nothing of that.
            enforce_retention_duration=False,
            commit_properties=self._said(),
            # All that no version kept refers to: also change data, and what a killed run has left.
            full=True,
        )

    def checkpoint(self) -> None:
        """Sum up the log, and remove what is older than the table's own `delta.logRetentionDuration`."""
        DeltaTable(str(self.path)).create_checkpoint()
        DeltaTable(str(self.path)).cleanup_metadata()

    def _said(self) -> CommitProperties | None:
        return CommitProperties(custom_metadata={"userMetadata": self.note.text()}) if self.note else None


def small_files(path: Path) -> int:
    """Return how many of a table's data files are so small that compaction would put them together."""
    return len([size for size in file_sizes(path) if size < SMALL_BYTES])


def _note(path: Path, run_id: str) -> Note | None:
    """Return what goes into the commits: the table's note, with the version that changed its rows last."""
    state = read_state(path)
    return replace(state.note, run_id=run_id, data_version=state.data_version) if state else None


def _remove_checksums(path: Path, removed: list[str]) -> None:
    """Remove the checksums that Spark keeps beside each of its files on local disk."""
    for file in removed:
        data = path / file
        data.with_name(f".{data.name}.crc").unlink(missing_ok=True)
