"""`carelake score`: let the champions score what changed since they last did."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Annotated

import typer
from rich.console import Console

from carelake.builder import Builder
from carelake.cli.recorded import recorded
from carelake.cli.run import conclude, open_lake
from carelake.cli.train import ALL, chosen
from carelake.delta import Lake
from carelake.ledger import Run
from carelake.scheduler import build_all
from carelake.settings import Settings, load_settings
from carelake.tables import everything, scores


def score(
    model: Annotated[
        str, typer.Argument(help="readmission, high_cost, length_of_stay, claim_anomaly or all")
    ] = ALL,
    full: Annotated[bool, typer.Option("--full", help="Score all rows anew.")] = False,
) -> None:
    """Score gold with the champions into gold/score_* and print what was done."""
    bring_up_scores(load_settings(), chosen(model), Console(), full=full)


def bring_up_scores(
    settings: Settings, names: Sequence[str], console: Console, *, full: bool = False
) -> None:
    """Score with some champions now and report it; exit 1 when something failed."""
    with open_lake(settings) as lake:
        done = score_lake(settings, lake, names, full=full)
    conclude(done, console)


def score_lake(settings: Settings, lake: Lake, names: Sequence[str], *, full: bool) -> Run:
    """Build the score tables under the lake's lock and record it; `failures` say what went wrong."""
    from ml.scoring.champions import Champions
    from ml.tracking.store import connect, tracking_uri

    contracts = [
        contract for contract in scores().layer("gold") if contract.name.removeprefix("score_") in names
    ]
    with recorded(settings, " ".join(["score", *names]), datetime.now(UTC)) as run:
        champions = Champions(connect(settings), tracking_uri(settings), settings.lake)
        builder = Builder(lake, everything(), champions, run.run_id, full=full)
        run.built += build_all(contracts, builder.build, settings.parallel_tables, run.tell)
    return run
