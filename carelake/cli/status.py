"""`carelake status`: the lake as it stands: tables, versions, rows, quality, the last runs."""

import json
from pathlib import Path
from typing import Annotated, Any

import typer
from deltalake import DeltaTable
from rich.console import Console
from rich.table import Table

from carelake.ledger import recent
from carelake.settings import load_settings
from carelake.states import quarantine_reasons, read_state, row_count

LAYERS = ("bronze", "silver", "quarantine", "gold")
RUNS_SHOWN = 5
REASONS_SHOWN = 3


def status(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Show the lake's tables with version and rows, what is quarantined and why, and the last runs."""
    lake = load_settings().lake
    found: dict[str, Any] = {"tables": tables(lake), "runs": recent(lake, RUNS_SHOWN)}
    if as_json:
        typer.echo(json.dumps(found, default=str))
    else:
        _print(found, lake, Console())


def tables(lake: Path) -> list[dict[str, Any]]:
    """Return a line per table of the lake, with the reasons of quarantined rows where there are any."""
    paths = [path for layer in LAYERS for path in sorted((lake / layer).glob("*")) if path.is_dir()]
    return [_table(lake, path) for path in paths if DeltaTable.is_deltatable(str(path))]


def _table(lake: Path, path: Path) -> dict[str, Any]:
    state = read_state(path)
    line: dict[str, Any] = {
        "table": path.relative_to(lake).as_posix(),
        "version": DeltaTable(str(path)).version(),
        "rows": row_count(path),
        "last_run": state.note.run_id if state else None,
    }
    if path.parent.name == "quarantine" and line["rows"]:
        line["reasons"] = dict(quarantine_reasons(path).most_common())
    if path.parent.name == "bronze" and state:
        line["files"] = len(state.note.files)
        line["set_aside"] = {name: e["fault"] for name, e in state.note.files.items() if "fault" in e}
    return line


def _print(found: dict[str, Any], lake: Path, console: Console) -> None:
    if not found["tables"]:
        console.print(f"no tables in {lake} yet: start with `carelake generate` and `carelake run`")
        return
    listing = Table("table", "version", "rows", "", box=None, header_style="bold")
    for line in found["tables"]:
        listing.add_row(line["table"], str(line["version"]), f"{line['rows']:,}", _remark(line))
    console.print(listing)
    runs = Table(
        "run", "command", "outcome", "rows read", "tables written", "seconds", box=None, header_style="bold"
    )
    for run in found["runs"]:
        written = sum(table["status"] != "current" for table in run["tables"])
        cells = [run["run_id"], run["command"], run["outcome"], f"{run['rows_read']:,}", str(written)]
        runs.add_row(*cells, f"{run['seconds']:.1f}")
    console.print(runs)


def _remark(line: dict[str, Any]) -> str:
    if line.get("set_aside"):
        return "set aside: " + ", ".join(line["set_aside"])
    top = list(line.get("reasons", {}).items())[:REASONS_SHOWN]
    return ", ".join(f"{reason} {count}" for reason, count in top)
