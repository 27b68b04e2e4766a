"""`carelake demo`: a synthetic health system, its lake, and the proof that the lake is right."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated

import typer
from rich.console import Console

from carelake.cli import run, score, train, verify
from carelake.cli.headlines import headlines
from carelake.cli.status import tables
from carelake.errors import CarelakeError, UsageError
from carelake.settings import Settings, load_settings
from datagenerator.arguments import Arguments
from datagenerator.cli import DEFAULTS, make
from datagenerator.extract.install import Refused

NEXT = """Where to look next:
  uv run carelake status            tables, versions, rows, quarantine, last runs
  uv run carelake generate --next   one more delivery; then `run`, `score` and `verify` in the same way
  uv run mlflow ui --backend-store-uri sqlite:///{store}   runs and models
  docs/data_dictionary.md           every table and column
  {lake}   the Delta tables, for Spark, Polars, DuckDB or pandas"""


def demo(
    patients: Annotated[
        int, typer.Option(help="Patients of the synthetic health system.")
    ] = DEFAULTS.patients,
    providers: Annotated[int, typer.Option(help="Providers.")] = DEFAULTS.providers,
    facilities: Annotated[int, typer.Option(help="Facilities.")] = DEFAULTS.facilities,
    encounters: Annotated[int, typer.Option(help="Encounters.")] = DEFAULTS.encounters,
    claims: Annotated[int, typer.Option(help="Claims.")] = DEFAULTS.claims,
    fraud_rate: Annotated[
        float, typer.Option(min=0, max=1, help="Share of fraudulent claims.")
    ] = DEFAULTS.fraud_rate,
) -> None:
    """Generate a landing zone, build the lake, train and score the models, verify, and show what was made."""
    settings, console = load_settings(), Console()
    with _stage(console, "generate"):
        _generate(
            Arguments(
                patients=patients,
                providers=providers,
                facilities=facilities,
                encounters=encounters,
                claims=claims,
                fraud_rate=fraud_rate,
                output=settings.landing_zone,
            )
        )
    with _stage(console, "build bronze, silver, gold"):
        run.bring_up(settings, console)
    with _stage(console, "train the models"):
        trained = _train(settings, console)
    with _stage(console, "score"):
        score.bring_up_scores(settings, trained, console)
    with _stage(console, "verify"):
        verify.verify()
    _show(settings, console)


def _generate(asked: Arguments) -> None:
    try:
        make(asked)
    except Refused as refusal:
        raise UsageError(str(refusal)) from refusal


def _train(settings: Settings, console: Console) -> list[str]:
    """Train all models and return those that were: a very small lake has too few rows for some."""
    trained = []
    for name in train.chosen(train.ALL):
        try:
            train.train_models(settings, [name], console)
        except CarelakeError as problem:
            console.print(f"not trained: {problem}", markup=False, highlight=False, soft_wrap=True)
        else:
            trained.append(name)
    return trained


@contextmanager
def _stage(console: Console, name: str) -> Iterator[None]:
    console.rule(name, align="left")
    started = time.monotonic()
    yield
    console.print(f"{name}: {time.monotonic() - started:.1f} s")


def _show(settings: Settings, console: Console) -> None:
    console.rule("the lake", align="left")
    for line in tables(settings.lake):
        if line["table"].startswith(("silver/", "gold/")):
            console.print(f"{line['table']:32} {line['rows']:>12,} rows", highlight=False)
    console.rule("headline figures", align="left")
    for name, figure in headlines(settings.lake).items():
        console.print(f"{name:34} {figure}", highlight=False)
    console.print(
        NEXT.format(lake=settings.lake, store=settings.mlflow / "mlflow.db"),
        markup=False,
        highlight=False,
        soft_wrap=True,
    )
