"""`carelake monitor`: do the champions still meet what they learned from?"""

from collections.abc import Sequence
from dataclasses import asdict
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated
from uuid import uuid4

import typer
from rich.console import Console

from carelake.cli.run import open_lake
from carelake.cli.train import ALL, chosen
from carelake.delta import Lake
from carelake.lock import exclusive
from carelake.settings import Settings, load_settings
from carelake.states import Note
from carelake.tables import everything

if TYPE_CHECKING:
    from ml.monitoring.monitor import Finding

TABLE = "gold/model_monitoring"


def monitor(
    model: Annotated[
        str, typer.Argument(help="readmission, high_cost, length_of_stay, claim_anomaly or all")
    ] = ALL,
    bound: Annotated[
        float, typer.Option(min=0.0, help="Stability index past which a feature or score has changed.")
    ] = 0.25,
) -> None:
    """Compare what came since training with what the champions learned from; exit 1 past a bound."""
    settings, console = load_settings(), Console()
    names = chosen(model)
    with exclusive(settings.lake):
        found = findings(settings, names, bound)
        if found:
            with open_lake(settings) as lake:
                keep(lake, found, datetime.now(UTC))
    report(found, console)
    if any(one.is_past_bound for one in found):
        raise typer.Exit(1)


def findings(settings: Settings, names: Sequence[str], bound: float) -> "list[Finding]":
    """Return what monitoring finds of some models, one after another."""
    from ml.data import Tables
    from ml.monitoring.monitor import monitor as monitor_one
    from ml.problems import problem_of
    from ml.tracking.store import connect

    client = connect(settings)
    return [
        one for name in names for one in monitor_one(problem_of(name), Tables(settings.lake), client, bound)
    ]


def keep(lake: Lake, found: "list[Finding]", now: datetime) -> None:
    """Add findings to the monitoring table."""
    contract = everything().contracts[TABLE]
    rows = [tuple((asdict(one) | {"monitored_at": now})[name] for name in contract.names) for one in found]
    frame = lake.session.createDataFrame(rows, contract.struct())
    lake.append(TABLE, frame, Note(f"monitor-{uuid4().hex[:6]}", contract.fingerprint))


def report(found: "list[Finding]", console: Console) -> None:
    """Print what lies past its bound, and how much was compared."""
    past = [one for one in found if one.is_past_bound]
    for one in past:
        line = f"{one.model_name} {one.subject}: {one.measure} {one.value:.2f} of {one.rows:,} rows"
        console.print(line, style="red", markup=False, highlight=False, soft_wrap=True)
    said = f"{len(found)} figures of live data, {len(past)} past their bound"
    console.print(f"monitor: {said if found else 'nothing to compare since training'}", highlight=False)
