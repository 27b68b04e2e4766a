"""`carelake verify`: hold the lake against the truth and against itself."""

import json
import sys
from typing import Annotated

import typer
from rich.console import Console

from carelake.lock import at_rest
from carelake.settings import load_settings
from carelake.tables import registry, scores
from carelake.verify import report, verification

PIPED_WIDTH = 180
"""Columns where nobody's terminal says how many there are."""


def verify(as_json: Annotated[bool, typer.Option("--json", help="For programs.")] = False) -> None:
    """Check rows, money, keys and history of the lake; exit 1 when something is off."""
    settings = load_settings()
    with at_rest(settings.lake):
        found = verification.verify(
            settings.lake, settings.landing_zone, settings.truth, registry(), scores()
        )
    if as_json:
        typer.echo(json.dumps(report.as_json(found), indent=2))
    else:
        report.show(found, Console(width=None if sys.stdout.isatty() else PIPED_WIDTH))
    if found.status == "failed":
        raise typer.Exit(1)
