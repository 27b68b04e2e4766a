"""Small ways to alter delivered rows: each takes rows and a stream, and returns altered copies.

A change that leaves a value of the column's type sets the value; one that doesn't sets the text of the cell
in `_cells` (a dict per row, or None), which then goes into the file as it is.
"""

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

Change = Callable[[pd.DataFrame, np.random.Generator], pd.DataFrame]

BROKEN_DATES = ("2024-02-30", "31.12.2023", "unknown", "2023-13-01")
BROKEN_TIMES = ("2024-02-30 10:00:00", "yesterday", "2023-11-05 25:61:00", "0000")
BROKEN_NUMBERS = ("n/a", "two", "1o", "--")


def write(rows: pd.DataFrame, column: str, texts: Sequence[str]) -> pd.DataFrame:
    """Return the rows with `texts` as their cells of a column."""
    cells = [{**(old or {}), column: text} for old, text in zip(rows["_cells"], texts, strict=True)]
    return rows.assign(_cells=pd.Series(cells, index=rows.index, dtype=object))


def texts(column: pd.Series) -> pd.Series:
    """Return what the file would hold for values of strings, dates or timestamps."""
    if not pd.api.types.is_datetime64_any_dtype(column):
        return column.astype(object)
    if bool((column.dropna() == column.dropna().dt.normalize()).all()):
        return column.dt.strftime("%Y-%m-%d")
    return column.dt.strftime("%Y-%m-%d %H:%M:%S")


def blank(column: str) -> Change:
    """Empty a column."""

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        kind = rows[column].dtype
        nothing = np.nan if pd.api.types.is_float_dtype(kind) else pd.NA
        return rows.assign(**{column: pd.Series(nothing, rows.index, kind)})

    return change


def put(column: str, *values: object) -> Change:
    """Set a column to one of some values."""

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        chosen = [values[n] for n in rng.integers(0, len(values), len(rows))]
        return rows.assign(**{column: pd.Series(chosen, rows.index).astype(rows[column].dtype)})

    return change


def scribble(column: str, *values: str) -> Change:
    """Write one of some texts into a column that they are not of the type of."""

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        return write(rows, column, [values[n] for n in rng.integers(0, len(values), len(rows))])

    return change


def offset(column: str, base: str, days: int) -> Change:
    """Set a date or time column to another one plus 1 to `days` days (before it, if negative)."""

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        step = rng.integers(1, abs(days) + 1, len(rows)) * np.sign(days)
        moved = rows[base] + pd.to_timedelta(step, unit="D")
        midnight = moved.dt.normalize() if _is_date(rows[column]) else moved
        return rows.assign(**{column: midnight.astype("datetime64[s]")})

    return change


def _is_date(column: pd.Series) -> bool:
    known = column.dropna()
    return bool((known == known.dt.normalize()).all())


def negated(column: str) -> Change:
    """Turn the sign of a number."""
    return lambda rows, rng: rows.assign(**{column: -rows[column]})


def suffixed(column: str) -> Change:
    """Append a letter to an id, so that it names nothing."""
    return lambda rows, rng: rows.assign(**{column: rows[column] + "X"})


def spaced(column: str) -> Change:
    """Put blanks around a text."""
    return lambda rows, rng: write(rows, column, [f" {text}  " for text in texts(rows[column])])


def recased(column: str) -> Change:
    """Write a text in the other case."""
    return lambda rows, rng: write(rows, column, [text.swapcase() for text in rows[column]])


def dotted(column: str) -> Change:
    """Write a diagnosis code with its dot, in lower case."""
    return lambda rows, rng: write(rows, column, [f"{c[:3]}.{c[3:]}".lower() for c in rows[column]])


def synonymous(column: str, synonyms: dict[str, str]) -> Change:
    """Write a code by another name that the receivers know."""
    return lambda rows, rng: write(rows, column, [synonyms[value] for value in rows[column]])


def redated(column: str) -> Change:
    """Write a date in one of the other accepted formats."""
    formats = ("%m/%d/%Y", "%Y%m%d", "%d-%b-%Y")

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        chosen = rng.integers(0, len(formats), len(rows))
        return write(
            rows, column, [d.strftime(formats[n]) for d, n in zip(rows[column], chosen, strict=True)]
        )

    return change


def retimed(column: str) -> Change:
    """Write a timestamp in ISO 8601 form, with or without its zone."""
    formats = ("%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%SZ")

    def change(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
        chosen = rng.integers(0, len(formats), len(rows))
        return write(
            rows, column, [t.strftime(formats[n]) for t, n in zip(rows[column], chosen, strict=True)]
        )

    return change


def reformatted(column: str) -> Change:
    """Write money (cents) with a currency sign and separators of thousands."""
    return lambda rows, rng: write(rows, column, [f"${cents / 100:,.2f}" for cents in rows[column]])


def both(first: Change, second: Change) -> Change:
    """Make one change after another."""
    return lambda rows, rng: second(first(rows, rng), rng)
