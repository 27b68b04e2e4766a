"""`carelake train`: fit, judge and track the models; the fittest becomes champion if it passes the gates."""

from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.console import Console

from carelake.lock import at_rest
from carelake.settings import Settings, load_settings

if TYPE_CHECKING:
    from mlflow import MlflowClient

    from ml.training.train import Trained
    from ml.training.trial import Trial

ALL = "all"


def train(
    model: Annotated[
        str, typer.Argument(help="readmission, high_cost, length_of_stay, claim_anomaly or all")
    ] = ALL,
    cards: Annotated[Path | None, typer.Option(help="Folder to write the model cards to as well.")] = None,
) -> None:
    """Train models on gold and register them in MLflow; a champion is chosen by the gates."""
    settings, console = load_settings(), Console()
    trained = train_models(settings, chosen(model), console)
    if cards:
        write_cards(trained, cards)


def chosen(model: str) -> Sequence[str]:
    """Return the problems that a command's argument names; UsageError if it names none."""
    from ml.problems import NAMES, problem_of

    return NAMES if model == ALL else [problem_of(model).name]


def train_models(settings: Settings, names: Sequence[str], console: Console) -> list["Trained"]:
    """Train some models now; report each as it is registered, and return all.

    MLflow takes about as long to import, and to log a model, as a model takes to fit: it works beside the
    next fit.
    """
    from ml.data import Tables
    from ml.problems import problem_of
    from ml.training.trial import tried

    with at_rest(settings.lake), ThreadPoolExecutor(1) as beside:
        store = beside.submit(_store, settings)
        if settings.mlflow_tracking_uri:
            # A server that doesn't answer is told of before a model is fitted.
            store.result()
        tracked: list[Future[Trained]] = []
        for name in names:
            trial = tried(problem_of(name), Tables(settings.lake))
            # One model at a time waits to be tracked: its rows are in memory, and it may fail.
            for earlier in tracked[-1:]:
                earlier.result()
            tracked.append(beside.submit(_tracked, trial, store.result(), settings, console))
        return [one.result() for one in tracked]


def _store(settings: Settings) -> "MlflowClient":
    from ml.tracking.store import connect

    return connect(settings)


def _tracked(trial: "Trial", client: "MlflowClient", settings: Settings, console: Console) -> "Trained":
    from ml.training.train import track

    trained = track(trial, client, settings, datetime.now(UTC))
    report(trained, console)
    return trained


def write_cards(trained: Sequence["Trained"], folder: Path) -> None:
    """Write the card of each model into a folder, as `readmission.md`."""
    folder.mkdir(parents=True, exist_ok=True)
    for done in trained:
        (folder / f"{done.problem}.md").write_text(done.card, encoding="utf-8")


def report(done: "Trained", console: Console) -> None:
    """Print what became of a training: the model, its main figures, the decision and its reasons."""
    said = {
        "promote": "champion",
        "promote_provisional": "champion, provisional",
        "keep_incumbent": "challenger: the champion stays",
    }[done.decision.verdict]
    lines = [f"{done.model_name} version {done.version}: {done.candidate}; {said}"]
    lines += [f"  {sentence}" for sentence in done.figures]
    lines += [f"  unmet: {sentence}" for sentence in done.decision.unmet]
    for line in lines:
        console.print(line, markup=False, highlight=False, soft_wrap=True)
