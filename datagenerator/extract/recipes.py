"""What a planted defect is: the rule it breaks, where it may be planted, and as which kind of row."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum

import numpy as np
import pandas as pd

from datagenerator.extract.changes import Change


class Kind(Enum):
    """How a defect enters a file.

    A row may be spoiled in place, and is then missing. Or a spoiled copy of a sound row arrives beside it:
    a newer version, an older one, or a stray one that has lost its key.
    """

    IN_PLACE = "in place"
    NEWER = "newer"
    OLDER = "older"
    STRAY = "stray"


Where = Callable[[pd.DataFrame], "pd.Series[bool]"]


def anywhere(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Accept every row."""
    return pd.Series(True, rows.index)


@dataclass(frozen=True)
class Recipe:
    """A defect that can be planted.

    `rules` are the ids that the truth lists; `line` names a malformation of the whole line instead of a
    change of cells. `is_final` asks for rows that never come again, for defects that take a row out of its
    patient's records.
    """

    rules: str
    change: Change
    where: Where = anywhere
    kind: Kind = Kind.IN_PLACE
    line: str = ""
    is_final: bool = False


def unchanged(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Leave the cells as they are."""
    return rows


def filled(*columns: str) -> Where:
    """Accept rows in which the columns are not empty."""
    return lambda rows: rows[list(columns)].notna().all(axis=1)


def among(column: str, *values: str) -> Where:
    """Accept rows whose column has one of some values."""
    return lambda rows: rows[column].isin(values)


def every(*conditions: Where) -> Where:
    """Accept rows that all conditions accept."""

    def where(rows: pd.DataFrame) -> "pd.Series[bool]":
        accepted = anywhere(rows)
        for condition in conditions:
            accepted &= condition(rows)
        return accepted

    return where


def malformed(kind: str) -> Recipe:
    """A copy of a sound row whose line is broken."""
    return Recipe(kind, unchanged, kind=Kind.STRAY, line=kind)
