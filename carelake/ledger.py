"""The run ledger: a line per run of what happened; a report, never what decides."""

from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa
from deltalake import write_deltalake

from carelake.builder import Built
from carelake.events import Event, Listener, RunEnded
from carelake.states import read_rows

TABLE = pa.struct(
    {
        "table": pa.string(),
        "status": pa.string(),
        "seconds": pa.float64(),
        "inserted": pa.int64(),
        "updated": pa.int64(),
        "deleted": pa.int64(),
    }
)
SCHEMA = pa.schema(
    {
        "run_id": pa.string(),
        "command": pa.string(),
        "started_at": pa.timestamp("us", tz="UTC"),
        "seconds": pa.float64(),
        "outcome": pa.string(),
        "files": pa.int64(),
        "rows_read": pa.int64(),
        "tables": pa.list_(TABLE),
        "notes": pa.list_(pa.string()),
        "failures": pa.list_(pa.string()),
    }
)


@dataclass
class Run:
    """One run: `failures` say why it failed, `notes` what else a user should know; listeners hear of it."""

    run_id: str
    command: str
    started_at: datetime
    seconds: float = 0.0
    files: int = 0
    rows_read: int = 0
    built: list[Built] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    failures: list[str] = field(default_factory=list)
    listeners: list[Listener] = field(default_factory=list)

    @property
    def outcome(self) -> Literal["done", "failed"]:
        """`failed` where the run or a file of it failed, else `done`."""
        return "failed" if self.failures else "done"

    def tell(self, event: Event) -> None:
        """Tell all listeners what happened."""
        for listener in self.listeners:
            listener(event)

    def ended(self) -> RunEnded:
        """Return what there is to tell of the run once it is over."""
        current = sum(built.status == "current" for built in self.built)
        return RunEnded(
            outcome=self.outcome,
            files=self.files,
            rows_read=self.rows_read,
            written=len(self.built) - current,
            current=current,
            failures=len(self.failures),
            seconds=self.seconds,
        )


def record(lake: Path, run: Run) -> None:
    """Add a run's line to the ledger."""
    row = {name: getattr(run, name) for name in SCHEMA.names if name != "tables"}
    row["tables"] = [_table(built) for built in run.built]
    write_deltalake(str(lake / "_runs"), pa.Table.from_pylist([row], SCHEMA), mode="append")


def recent(lake: Path, count: int) -> list[dict[str, Any]]:
    """Return the last runs, the latest first."""
    return sorted(read_rows(lake / "_runs"), key=lambda run: run["started_at"], reverse=True)[:count]


def _table(built: Built) -> dict[str, Any]:
    counts = asdict(built.written) if built.written else {}
    return {"table": built.table, "status": built.status, "seconds": built.seconds} | counts
