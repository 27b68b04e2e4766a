"""`carelake run`: bring the lake up to what lies in the landing zone."""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from typing import Annotated

import typer
from pyspark.sql import SparkSession
from rich.console import Console
from rich.table import Table

from carelake.cli.pipeline import LAYERS, run_lake
from carelake.delta import Lake
from carelake.errors import UsageError
from carelake.ledger import Run
from carelake.settings import Settings, load_settings
from carelake.spark import build_session, end_session
from carelake.wheel import share_code
from jobs.bronze.landing import EVER, Days


def run(
    layer: Annotated[str, typer.Argument(help="bronze, silver, gold or all")] = "all",
    tables: Annotated[
        list[str] | None, typer.Option(help="Only this table, as silver/claims or claims; may be repeated.")
    ] = None,
    full: Annotated[bool, typer.Option("--full/--no-full", help="Compute the tables whole.")] = False,
    since: Annotated[str, typer.Option(help="Load deliveries from this day on; 2025-02-01.")] = "",
    until: Annotated[str, typer.Option(help="Load deliveries up to this day.")] = "",
) -> None:
    """Load what is new, build what it touches, and print what was done."""
    if layer not in (*LAYERS, "all"):
        raise UsageError(f"there is no layer {layer}; choose bronze, silver, gold or all")
    layers = list(LAYERS) if layer == "all" else [layer]
    days = Days(_day("--since", since), _day("--until", until))
    if days.since and days.until and days.since > days.until:
        raise UsageError(f"--since {since} is after --until {until}: no day is in that range")
    bring_up(load_settings(), Console(), layers=layers, tables=tables or [], full=full, days=days)


def _day(option: str, text: str) -> date | None:
    """Read an option's day; empty, as a scheduler may leave it, is none."""
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as problem:
        raise UsageError(f"{option}: {text} is no day such as 2025-02-01") from problem


def bring_up(
    settings: Settings,
    console: Console,
    *,
    layers: Sequence[str] = LAYERS,
    tables: Sequence[str] = (),
    full: bool = False,
    days: Days = EVER,
) -> None:
    """Run the layers of the configured lake now and report it; exit 1 when something failed."""
    with open_lake(settings, is_long=True) as lake:
        done = run_lake(
            settings,
            lake,
            layers=layers,
            tables=tables,
            full=full,
            clock=lambda: datetime.now(UTC),
            days=days,
        )
    conclude(done, console)


def conclude(done: Run, console: Console) -> None:
    """Report a run; exit 1 when something failed."""
    report(done, console)
    if done.failures:
        raise typer.Exit(1)


@contextmanager
def open_lake(settings: Settings, *, is_long: bool = False) -> Iterator[Lake]:
    """Give the configured lake; its session starts when it is needed and ends with the block.

    `is_long` says that many of its tables will be built.
    """
    started: list[SparkSession] = []

    def start() -> SparkSession:
        if not started:
            started.append(build_session(settings, is_long=is_long))
        share_code(started[0])
        return started[0]

    try:
        yield Lake(settings.lake, start)
    finally:
        for session in started:
            end_session(session)


def report(done: Run, console: Console) -> None:
    """Print what a run did: a line per table it committed to, notes, failures, and a summary."""
    table = Table(
        "table", "status", "inserted", "updated", "deleted", "seconds", box=None, header_style="bold"
    )
    for built in (one for one in done.built if one.status != "current"):
        counts = built.written
        cells = (
            [str(n) for n in (counts.inserted, counts.updated, counts.deleted)] if counts else ["", "", ""]
        )
        table.add_row(built.table, built.status, *cells, f"{built.seconds:.1f}")
    if table.row_count:
        console.print(table)
    for note in done.notes:
        console.print(f"note: {note}", markup=False, highlight=False, soft_wrap=True)
    for failure in done.failures:
        console.print(f"failed: {failure}", style="red", markup=False, highlight=False, soft_wrap=True)
    touched = table.row_count
    console.print(
        f"run {done.run_id}: {done.outcome}; {done.files} new files, {done.rows_read} rows read, "
        f"{touched} tables written, {len(done.built) - touched} current, {done.seconds:.1f} s",
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
