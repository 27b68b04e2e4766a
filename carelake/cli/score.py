"""`carelake score`: let the champions score what changed since they last did."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from carelake.builder import Builder
from carelake.cli.recorded import recorded
from carelake.cli.run import conclude, open_lake
from carelake.cli.train import ALL, chosen
from carelake.contract import Contract
from carelake.delta import Lake
from carelake.inputs import has_newer_inputs
from carelake.ledger import Run
from carelake.scheduler import build_all
from carelake.settings import Settings, load_settings
from carelake.tables import everything, scores

if TYPE_CHECKING:
    from ml.scoring.champions import Champions


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
    contracts = [
        contract for contract in scores().layer("gold") if contract.name.removeprefix("score_") in names
    ]
    command = " ".join(["score", *names])
    with recorded(settings, command, datetime.now(UTC)) as run, ThreadPoolExecutor(1) as ahead:
        # Spark starts while MLflow is imported, which takes as long. What fails here fails again in the
        # builder, which says of which table.
        ahead.submit(_start_where_needed, lake, contracts, full=full)
        builder = Builder(lake, everything(), _champions(settings), run.run_id, full=full)
        run.built += build_all(contracts, builder.build, settings.parallel_tables, run.tell)
    return run


def _start_where_needed(lake: Lake, contracts: Sequence[Contract], *, full: bool) -> None:
    if full or any(has_newer_inputs(contract, lake) for contract in contracts):
        _ = lake.session


def _champions(settings: Settings) -> "Champions":
    from ml.scoring.champions import Champions
    from ml.tracking.store import connect

    return Champions(connect(settings), settings.lake)
