"""Whole small lakes on disk: run, cut short, looked into and compared."""

import random
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest
from deltalake import DeltaTable
from pyspark.sql import SparkSession

from carelake.cli.pipeline import LAYERS, run_lake
from carelake.ledger import Run
from carelake.registry import Registry
from carelake.settings import Settings
from jobs.reference import sources
from tests.fragile import FragileLake, die

JOBS = Registry.of("jobs")
MOST_ROWS = 300
FOLDERS = [".", "2025-01-15", "2025-02-01", "2025-03-01"]
"""The deliveries that a split makes."""


class ShortSources:
    """The project's code sets cut to a few rows: building the long ones would be most of a test's time."""

    def version(self, name: str) -> str:
        return sources.version(name)

    def load(self, name: str) -> pa.Table:
        return sources.load(name).slice(0, MOST_ROWS)


@contextmanager
def _small_scale() -> Iterator[None]:
    """Let runs read short code sets, and let deliveries of a few rows pass the gate however bad they are."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("carelake.cli.pipeline.sources", ShortSources())
        patch.setattr("carelake.cli.pipeline.breaches", lambda lake, contract: [])
        yield


def run(
    start_session: Callable[[], SparkSession],
    root: Path,
    *,
    commits: int | None = None,
    end: Callable[[], None] = die,
    side_by_side: int = 2,
    chosen: Sequence[str] = (),
) -> Run:
    """Run a lake: the chosen tables, or all but features, which are slow to plan and like any gold table.

    With `commits`, `end` is called after so many of them.
    """
    settings = Settings(carelake_data_dir=root, parallel_tables=side_by_side)
    lake = FragileLake(settings.lake, start_session, commits, end)
    with _small_scale():
        return run_lake(
            settings,
            lake,
            layers=list(LAYERS),
            tables=chosen or list(JOBS.contracts),
            full=False,
            clock=lambda: datetime.now(UTC),
        )


def of_domains(domains: Sequence[str]) -> list[str]:
    """Return the tables whose contracts are of some domains, and all that these are made from."""
    known = JOBS
    found: set[str] = set()
    waiting = [contract.table for contract in known.contracts.values() if contract.domain in domains]
    while waiting:
        table = waiting.pop()
        if table not in found:
            found.add(table)
            waiting += known.upstream(table)
    return sorted(found)


def tables(root: Path) -> list[str]:
    """Return the tables of a lake, such as `silver/claims`, the ledger aside."""
    logs = sorted((root / "lake").glob("*/*/_delta_log"))
    return [log.parent.relative_to(root / "lake").as_posix() for log in logs]


def versions(root: Path) -> dict[str, int]:
    """Return the version of every table of a lake."""
    return {table: DeltaTable(str(root / "lake" / table)).version() for table in tables(root)}


def rows(root: Path, table: str, *columns: str) -> Counter[tuple[Any, ...]]:
    """Return how often a table holds which row; without `columns`, all that are no audit columns."""
    read = DeltaTable(str(root / "lake" / table)).to_pyarrow_table()
    chosen = list(columns) or sorted(name for name in read.column_names if not name.startswith("_"))
    found = zip(*(map(_hashable, read.column(name).to_pylist()) for name in chosen), strict=True)
    return Counter(found)


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def differences(one: Path, other: Path) -> dict[str, int]:
    """Return the tables of one lake in which another differs, and in how many rows.

    Silver and gold are compared in all but their audit columns, the quarantine by raw text and reasons.
    """
    made = [name for name in tables(one) if not name.startswith("bronze/")]
    found = {}
    for table in made:
        columns = ("_raw", "_reasons") if table.startswith("quarantine/") else ()
        first, second = rows(one, table, *columns), rows(other, table, *columns)
        found[table] = ((first - second) + (second - first)).total()
    return {table: count for table, count in found.items() if count}


def split(landing: Path, seed: int) -> dict[str, dict[str, bytes]]:
    """Return other deliveries of the same rows: per folder, per file name, its content.

    Every table's lines are shuffled over the folders. A line that was cut off ends its file again, so that it
    is the same fault; the deliveries' notes lie in folders of their own.
    """
    shuffle = random.Random(seed)
    files: dict[str, dict[str, bytes]] = {folder: {} for folder in FOLDERS}
    for name in sorted({path.name for path in landing.rglob("*.csv")}):
        header, complete, cut_off = _lines([path.read_bytes() for path in sorted(landing.rglob(name))])
        shuffle.shuffle(complete)
        for folder, lines in zip(FOLDERS, _parts(complete, shuffle), strict=True):
            tail = cut_off.pop() if cut_off else b""
            files[folder][name] = b"".join(line + b"\n" for line in [header, *lines]) + tail
        assert cut_off == [], "more cut-off lines than deliveries"
    notes = [path.read_bytes() for path in sorted(landing.rglob("_delivery.json"))]
    for folder, note in zip(shuffle.sample(FOLDERS, len(notes)), notes, strict=False):
        files[folder]["_delivery.json"] = note
    return files


def arrive(root: Path, folder: str, files: dict[str, bytes]) -> None:
    """Write the files of a delivery."""
    for name, content in files.items():
        path = root / "landing_zone" / folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _lines(contents: list[bytes]) -> tuple[bytes, list[bytes], list[bytes]]:
    """Return the header, the lines with a line end, and the last lines without one."""
    header, complete, cut_off = contents[0].partition(b"\n")[0], [], []
    for content in contents:
        *lines, last = content.split(b"\n")[1:]
        complete += lines
        cut_off += [last] if last else []
    return header, complete, cut_off


def _parts(lines: list[bytes], shuffle: random.Random) -> list[list[bytes]]:
    """Cut lines into about equal parts: in a very small one a few bad rows would be past the quality gate."""
    size = len(lines) / len(FOLDERS)
    cuts = [round(size * (n + shuffle.uniform(-0.3, 0.3))) for n in range(1, len(FOLDERS))]
    return [lines[start:end] for start, end in zip([0, *cuts], [*cuts, len(lines)], strict=True)]
