"""The command `generate`: arguments as people know them, checked before anything is written."""

from dataclasses import fields, replace
from datetime import date, datetime
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.extract.build import Engine, Making, processes
from datagenerator.extract.install import Refused, generate_into, kept_arguments, plan
from datagenerator.world import WorldError, check

DEFAULTS = Arguments()
MOST_CLAIMS_PER_ENCOUNTER = 40
LEAST_DAYS = 28
# Where and how, not what: these may differ from those of an earlier output.
FREE = {"output", "workers", "next_delivery", "if_generated", "deliveries", "force", "report", "engine"}

Count = Annotated[int, typer.Option(min=1)]
Facilities = Annotated[int, typer.Option(min=2)]
Rate = Annotated[float, typer.Option(min=0.0, max=1.0)]
Output = Annotated[Path, typer.Option(help="The landing zone; the truth goes into `truth` beside it.")]
Deliveries = Annotated[int, typer.Option(min=0, help="Monthly deliveries after the initial extract.")]
Next = Annotated[bool, typer.Option("--next", help="Add the next delivery to an output made before.")]
IfGenerated = Annotated[
    bool, typer.Option(help="Leave a landing zone alone that was not generated, and be done.")
]
Force = Annotated[bool, typer.Option("--force", help="Replace an output made with other arguments.")]
World = Annotated[str, typer.Option(help="Figures to draw by: a name in conf/population, or a TOML file.")]
Report = Annotated[bool, typer.Option("--report", help="Measure it, and write `calibration` beside it.")]
Day = Annotated[datetime, typer.Option(formats=["%Y-%m-%d"])]


def _day(value: date) -> datetime:
    return datetime(value.year, value.month, value.day)


def generate(
    context: typer.Context,
    patients: Count = DEFAULTS.patients,
    providers: Count = DEFAULTS.providers,
    facilities: Facilities = DEFAULTS.facilities,
    encounters: Count = DEFAULTS.encounters,
    claims: Count = DEFAULTS.claims,
    output: Output = DEFAULTS.output,
    seed: Annotated[int, typer.Option(min=0)] = DEFAULTS.seed,
    readmission_rate: Rate = DEFAULTS.readmission_rate,
    high_cost_share: Rate = DEFAULTS.high_cost_share,
    fraud_rate: Rate = DEFAULTS.fraud_rate,
    defect_rate: Rate = DEFAULTS.defect_rate,
    start: Day = _day(DEFAULTS.start),
    end: Day = _day(DEFAULTS.end),
    world: World = DEFAULTS.world,
    workers: Count = DEFAULTS.workers,
    engine: Annotated[
        str, typer.Option(help="Where blocks are made: here in processes, or on spark.")
    ] = "processes",
    deliveries: Deliveries = 0,
    next_delivery: Next = False,
    if_generated: IfGenerated = False,
    force: Force = False,
    report: Report = False,
) -> None:
    """Generate a synthetic health system: CSV deliveries, and the truth about them beside.

    The counts are distinct keys of the initial extract. The same seed and arguments give the same bytes.
    """
    chosen = {field.name: context.params[field.name] for field in fields(Arguments)}
    asked = Arguments(**{**chosen, "start": start.date(), "end": end.date()})
    try:
        if if_generated and kept_arguments(asked.output) is None:
            typer.echo(f"{asked.output}: not generated, left alone")
            return
        if next_delivery:
            asked, deliveries = _following(asked, context)
        make(asked, deliveries, force=force, engine=_engine(engine, context))
    except Refused as refusal:
        raise typer.BadParameter(str(refusal)) from refusal
    if report:
        _report(asked)


def make(asked: Arguments, deliveries: int = 0, *, force: bool = False, engine: Engine = processes) -> None:
    """Generate what is asked for; Refused, with nothing written, where the output holds something else."""
    _check(asked)
    upto, write_from = plan(asked, deliveries, force)
    _run(asked, upto, write_from, engine)


def _engine(name: str, context: typer.Context) -> Engine:
    """Return the engine of a name; whoever embeds the command may add some as the context's object."""
    known: dict[str, Engine] = {"processes": processes, **(context.obj or {})}
    if name not in known:
        raise Refused(f"--engine: there is no {name} here; choose {' or '.join(known)}")
    return known[name]


def _report(asked: Arguments) -> None:
    """Measure the initial extract against its bands; write the page and the picture beside it."""
    # They take a second to import and are rarely asked for.
    from datagenerator.calibration.extract import Extract
    from datagenerator.calibration.plot import draw
    from datagenerator.calibration.report import markdown, measured, summary

    marginals = measured([Extract(asked)])
    folder = asked.output.parent / "calibration"
    folder.mkdir(exist_ok=True)
    page = f"# Calibration of {asked.output.name}, seed {asked.seed}\n\n{markdown(marginals, ['found'])}"
    (folder / "calibration.md").write_text(page, encoding="utf-8")
    draw(marginals, asked, folder / "calibration.svg")
    typer.echo("\n".join([*summary(marginals), f"{folder}: calibration.md and calibration.svg"]))


def _following(asked: Arguments, context: typer.Context) -> tuple[Arguments, int]:
    """Return the arguments of the output made before and the number of the delivery that comes next.

    Raises Refused when there is no such output, or when an argument given differs from its own.
    """
    known = kept_arguments(asked.output)
    if known is None:
        raise Refused(f"--next: no generation in {asked.output}; generate one first")
    for name in context.params:
        source = context.get_parameter_source(name)
        given = source is not None and source.name == "COMMANDLINE" and name not in FREE
        if given and getattr(asked, name) != getattr(known[0], name):
            raise Refused(f"--next: --{name.replace('_', '-')} differs from that of {asked.output}")
    return replace(known[0], workers=asked.workers), known[1] + 1


def _check(arguments: Arguments) -> None:
    """Raise Refused for what no single option can see."""
    try:
        check(arguments.world)
    except WorldError as error:
        raise Refused(f"--world: {error}") from error
    if arguments.end < arguments.start:
        raise Refused("--end lies before --start")
    days = (arguments.end - arguments.start).days + 1
    if days < LEAST_DAYS:
        raise Refused(f"--start and --end: at least {LEAST_DAYS} days")
    if arguments.encounters > arguments.patients * (days // 7):
        raise Refused("--encounters: at most one per patient and week between --start and --end")
    if arguments.claims > arguments.encounters * MOST_CLAIMS_PER_ENCOUNTER:
        raise Refused(f"--claims: at most {MOST_CLAIMS_PER_ENCOUNTER} per encounter")
    if arguments.output.resolve() == arguments.truth.resolve():
        raise Refused("--output must not be named truth: that folder is the truth's")


def _run(arguments: Arguments, deliveries: int, write_from: int, engine: Engine) -> None:
    """Generate, with a bar where a person is watching."""
    console = Console(stderr=True)
    columns = (TextColumn("Generating"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal, transient=True) as progress:
        task = progress.add_task("blocks", total=len(blocks(arguments)))
        generate_into(arguments, deliveries, write_from, Making(engine, lambda: progress.advance(task)))
    typer.echo(f"{arguments.output}: initial extract and {deliveries} deliveries; truth in {arguments.truth}")
