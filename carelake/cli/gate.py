"""`carelake gate`: the quality gate between silver and gold, asked by itself."""

import typer

from carelake.cli.recorded import require_lake
from carelake.errors import CarelakeError
from carelake.gate import breaches
from carelake.lock import at_rest
from carelake.settings import load_settings
from carelake.tables import registry


def gate() -> None:
    """Tell whether gold may be built of silver as it stands; exit 1 where a delivery is past its bound."""
    settings = load_settings()
    require_lake(settings)
    with at_rest(settings.lake):
        found = breaches(settings.lake, registry())
    if found:
        raise CarelakeError("\n".join(str(breach) for breach in found))
    typer.echo("quality gate: passed")
