"""Keeping Delta tables fit to be read: small files made one, files of old versions removed; without a JVM.

This is delta-rs' work: it writes no rows, and needs seconds where a session needs a minute.
"""

import time
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from deltalake import CommitProperties, DeltaTable

from carelake.events import TableMaintained
from carelake.states import read_state

RETENTION = timedelta(hours=168)
"""Files that no longer belong to a table stay so long at least: whoever began to read it may need them."""
SMALL_BYTES = 32 * 1024 * 1024
MANY = 8
"""So many small files a reader opens without noticing: a build writes up to four, a later run one or two."""


def tables_of(lake: Path) -> list[str]:
    """Return all Delta tables of a lake, the ledger included, as `gold/fact_claims`."""
    logs = [*lake.glob("*/_delta_log"), *lake.glob("*/*/_delta_log")]
    return sorted(log.parent.relative_to(lake).as_posix() for log in logs)


def maintain(
    lake: Path, table: str, run_id: str, retention: timedelta, *, many: int = MANY, dry_run: bool = False
) -> TableMaintained:
    """Compact a table of more than `many` small files, and remove what left it longer ago than the retention.

    Rows stay as they are, and so does the version that readers have noted of them. With `dry_run` nothing is
    done, and what is told is what would be, but for `files_after`. What is touched gets a checkpoint, and its
    log loses what is older than the table's own `delta.logRetentionDuration`.
    """
    started = time.monotonic()
    path, said = lake / table, _said(lake / table, run_id)
    before = len(DeltaTable(str(path)).file_uris())
    crowded = small_files(path) > many
    if crowded and not dry_run:
        DeltaTable(str(path)).optimize.compact(commit_properties=said)
    # The log remembers files for a while that an earlier time has removed.
    removed = [file for file in _vacuum(path, retention, said, dry_run=True) if (path / file).exists()]
    freed = sum((path / file).stat().st_size for file in removed)
    if removed and not dry_run:
        _vacuum(path, retention, said, dry_run=False)
        _remove_checksums(path, removed)
    if (crowded or removed) and not dry_run:
        DeltaTable(str(path)).create_checkpoint()
        DeltaTable(str(path)).cleanup_metadata()
    after = len(DeltaTable(str(path)).file_uris())
    seconds = time.monotonic() - started
    return TableMaintained(table, before, after, crowded, len(removed), freed, seconds)


def small_files(path: Path) -> int:
    """Return how many of a table's data files are so small that compaction would put them together."""
    sizes = DeltaTable(str(path)).get_add_actions(flatten=True).column("size_bytes").to_pylist()
    return len([size for size in sizes if size < SMALL_BYTES])


def _vacuum(path: Path, retention: timedelta, said: CommitProperties | None, *, dry_run: bool) -> list[str]:
    return DeltaTable(str(path)).vacuum(
        retention_hours=int(retention / timedelta(hours=1)),
        dry_run=dry_run,
        # The command has refused less than is safe; a table's own property would know nothing of that.
        enforce_retention_duration=False,
        commit_properties=said,
        # All that no version kept refers to: also change data, and what a killed run has left.
        full=True,
    )


def _said(path: Path, run_id: str) -> CommitProperties | None:
    """Return what goes into the commits: the table's note, with the version that changed its rows last."""
    state = read_state(path)
    if state is None:
        return None
    note = replace(state.note, run_id=run_id, data_version=state.data_version)
    return CommitProperties(custom_metadata={"userMetadata": note.text()})


def _remove_checksums(path: Path, removed: list[str]) -> None:
    """Remove the checksums that Spark keeps beside each of its files on local disk."""
    for file in removed:
        data = path / file
        data.with_name(f".{data.name}.crc").unlink(missing_ok=True)
