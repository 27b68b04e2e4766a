"""The commands, and what every one of them does about errors and exit codes."""

import sys
from typing import NoReturn

import typer
from rich.console import Console

from carelake import log
from carelake.cli import demo, docs, gate, maintain, monitor, run, score, status, train, verify
from carelake.cli.engines import on_spark
from carelake.errors import CarelakeError
from carelake.places import is_local
from carelake.settings import load_settings
from datagenerator.cli import generate

app = typer.Typer(
    name="carelake",
    help="A Spark lakehouse for healthcare that can say how right it is.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command("run")(run.run)
app.command("gate")(gate.gate)
app.command("status")(status.status)
app.command("verify")(verify.verify)
app.command("train")(train.train)
app.command("score")(score.score)
app.command("monitor")(monitor.monitor)
app.command("maintain")(maintain.maintain)
app.command("docs")(docs.docs)
app.command("generate")(generate)
app.command("demo")(demo.demo)


@app.callback()
def _carelake(context: typer.Context) -> None:
    """A Spark lakehouse for healthcare that can say how right it is."""
    context.obj = {"spark": on_spark}


def main(arguments: list[str] | None = None) -> None:
    """Run one command: exit 0 when done, 1 when the data or the run failed, 2 on wrong usage."""
    try:
        settings = load_settings()
        log.configure(settings.log_level, settings.log_format)
        zone = settings.landing_zone
        # The generator writes to a file system: what it made is copied to a store by the store's tools.
        app(arguments, default_map={"generate": {"output": zone}} if is_local(zone) else {})
    except CarelakeError as problem:
        _end(str(problem), problem.exit_code)
    except OSError as problem:
        if problem.filename is None:
            raise
        _end(f"{problem.filename}: {problem.strerror}; is CARELAKE_DATA_DIR what you meant?", 1)


def _end(message: str, code: int) -> NoReturn:
    Console(stderr=True).print(
        f"carelake: {message}", style="red", markup=False, highlight=False, soft_wrap=True
    )
    sys.exit(code)
