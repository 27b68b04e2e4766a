"""Defects that several files share: a rule of the contract by its id, and a way to break it."""

import pandas as pd

from datagenerator.extract.changes import (
    BROKEN_TIMES,
    Change,
    blank,
    both,
    put,
    scribble,
    suffixed,
    synonymous,
)
from datagenerator.extract.recipes import Kind, Recipe, Where, among, filled

NEWER, OLDER, STRAY = Kind.NEWER, Kind.OLDER, Kind.STRAY


def missing(column: str, kind: Kind = Kind.IN_PLACE) -> Recipe:
    """A row without a value it must have."""
    return Recipe(f"{column}_missing", blank(column), kind=kind)


def broken(column: str, texts: tuple[str, ...], kind: Kind = Kind.IN_PLACE) -> Recipe:
    """A row with a cell that is not of its type."""
    return Recipe(f"{column}_unparseable", scribble(column, *texts), kind=kind)


def unwritten(column: str) -> Recipe:
    """A row whose own time of writing can't be read, so that no version of it counts as newer."""
    return Recipe(f"{column}_unparseable", both(blank(column), scribble(column, *BROKEN_TIMES)))


def lost(column: str) -> Recipe:
    """A row that names no patient, or one unknown."""
    return Recipe(f"{column}_missing", blank(column), is_final=True)


def astray(column: str) -> Recipe:
    """A row that refers to nothing there is."""
    final = column == "patient_id"
    return Recipe("orphan", suffixed(column), filled(column), is_final=final)


def repaired(column: str, change: Change, where: Where | None = None) -> Recipe:
    """A cell that a receiver puts right."""
    return Recipe(f"{column}_repaired", change, where or filled(column))


def synonym(column: str, synonyms: dict[str, str]) -> Recipe:
    """A code by another name, which a receiver knows."""
    return repaired(column, synonymous(column, synonyms), among(column, *synonyms))


def unknown(column: str, value: str, where: Where | None = None) -> Recipe:
    """A value that is in no list."""
    return Recipe(f"{column}_unknown", put(column, value), where or filled(column))


def unresolved(column: str, value: str, where: Where | None = None) -> Recipe:
    """A reference to what is not there."""
    return Recipe(f"{column}_unresolved", put(column, value), where or filled(column))


def sturdy(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept rows on which no truth depends."""
    return ~rows["_fragile"]
