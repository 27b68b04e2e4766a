"""`carelake maintain`: compact tables of many small files, remove what no reader needs any more."""

from datetime import UTC, datetime, timedelta
from typing import Annotated

import typer
from rich.console import Console
from rich.table import Table

from carelake import maintenance
from carelake.builder import Built
from carelake.cli.recorded import recorded, require_lake
from carelake.cli.run import open_lake
from carelake.delta import Lake
from carelake.errors import CarelakeError, UsageError, naming
from carelake.events import TableMaintained
from carelake.ledger import Run
from carelake.lock import at_rest
from carelake.settings import Settings, load_settings

LEAST_HOURS = int(maintenance.RETENTION / timedelta(hours=1))


def maintain(
    retain_hours: Annotated[
        int, typer.Option(help="Hours for which files of earlier versions stay.")
    ] = LEAST_HOURS,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Change nothing; print what would be.")] = False,
) -> None:
    """Compact the lake's tables where it pays, and remove files of versions older than the retention."""
    if retain_hours < LEAST_HOURS:
        raise UsageError(
            f"--retain-hours {retain_hours}: files stay for {LEAST_HOURS} hours at least, since whoever has "
            "begun to read a table may still need them"
        )
    settings, console, retention = load_settings(), Console(), timedelta(hours=retain_hours)
    require_lake(settings)
    with open_lake(settings) as lake:
        if dry_run:
            with at_rest(lake.root):
                found = [_maintain(lake, table, "", retention, dry_run=True) for table in _tables(lake)]
            report(found, console, "to be removed")
            return
        found, done = maintain_lake(settings, lake, retention)
    report(found, console)
    for failure in done.failures:
        console.print(f"failed: {failure}", style="red", markup=False, highlight=False, soft_wrap=True)
    if done.failures:
        raise typer.Exit(1)


def maintain_lake(settings: Settings, lake: Lake, retention: timedelta) -> tuple[list[TableMaintained], Run]:
    """Maintain all tables under the lake's lock and record it; a table that fails doesn't stop the others."""
    found = []
    with recorded(settings, "maintain", datetime.now(UTC)) as run:
        for table in _tables(lake):
            try:
                one = _maintain(lake, table, run.run_id, retention)
            except CarelakeError as problem:
                run.failures.append(str(problem))
                continue
            found.append(one)
            run.built.append(Built(table, "maintained" if one.is_changed else "current", one.seconds))
            run.tell(one)
    return found, run


def _tables(lake: Lake) -> list[str]:
    return maintenance.tables_of(lake.root)


def _maintain(
    lake: Lake, table: str, run_id: str, retention: timedelta, *, dry_run: bool = False
) -> TableMaintained:
    with naming(table, "maintained"):
        return maintenance.maintain(
            lake.root, table, run_id, retention, lambda: lake.session, dry_run=dry_run
        )


def report(found: list[TableMaintained], console: Console, deed: str = "removed") -> None:
    """Print a line per table that had something to be done, and the sums."""
    table = Table(
        "table",
        "files",
        "after",
        "compacted",
        "removed",
        "kB freed",
        "seconds",
        box=None,
        header_style="bold",
    )
    changed = [one for one in found if one.is_changed]
    for one in changed:
        files = [f"{one.files_before}", f"{one.files_after}", "yes" if one.is_compacted else "no"]
        freed = [f"{one.files_removed}", f"{one.bytes_freed // 1000:,}"]
        table.add_row(one.table, *files, *freed, f"{one.seconds:.1f}")
    if changed:
        console.print(table)
    removed, freed_bytes = sum(one.files_removed for one in changed), sum(one.bytes_freed for one in changed)
    console.print(
        f"{len(found)} tables, {len(changed)} with something to do: "
        f"{removed:,} files of {freed_bytes / 1e6:,.1f} MB {deed}",
        highlight=False,
    )
