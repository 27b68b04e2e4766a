"""`carelake docs`: write the pages that follow from the contracts, or check that they are fresh."""

from typing import Annotated

import typer

from carelake.docs import documents
from carelake.errors import CarelakeError
from carelake.settings import PROJECT
from carelake.tables import everything

FOLDER = PROJECT / "docs"


def docs(
    check: Annotated[
        bool, typer.Option("--check", help="Change nothing; exit 1 where a page is stale.")
    ] = False,
) -> None:
    """Write data dictionary and lineage into `docs/`."""
    pages = documents(everything())
    stale = [name for name, text in pages.items() if _read(name) != text]
    if check and stale:
        raise CarelakeError(f"stale pages in docs/: {', '.join(stale)}; run `carelake docs` and commit them")
    for name in stale:
        (FOLDER / name).write_text(pages[name], encoding="utf-8")
    typer.echo(f"{len(pages)} pages, {len(stale)} written anew")


def _read(name: str) -> str | None:
    path = FOLDER / name
    return path.read_text(encoding="utf-8") if path.exists() else None
