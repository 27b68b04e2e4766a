"""Delivered rows as the bytes of a file, malformed lines included."""

from collections.abc import Callable

import pandas as pd

from datagenerator.extract.layout import Layout
from datagenerator.extract.text import lines

LOST_FIELDS = 3


def _unclosed_quote(line: str) -> str:
    first, _, rest = line.partition(",")
    return f'{first},"{rest}\n'


def _column_count(line: str) -> str:
    """Lose the last fields, as when a line is put together wrongly."""
    return ",".join(line.split(",")[:-LOST_FIELDS]) + "\n"


def _cut_off(line: str) -> str:
    """Stop in the middle of the line, without a line end."""
    return ",".join(line.split(",")[:-LOST_FIELDS])


def _nul_byte(line: str) -> str:
    return f"{line}\0\n"


MALFORMED: dict[str, Callable[[str], str]] = {
    "unclosed_quote": _unclosed_quote,
    "column_count": _column_count,
    "cut_off_line": _cut_off,
    "nul_byte": _nul_byte,
}


def header(layout: Layout) -> bytes:
    """Return the first line of a file."""
    return (",".join(layout.columns) + "\n").encode()


def rendered(rows: pd.DataFrame, layout: Layout) -> bytes:
    """Return the lines of delivered rows, in their order, each with its line end."""
    overrides = {n: cells for n, cells in enumerate(rows["_cells"]) if cells is not None}
    ended = [line + "\n" for line in lines(rows, layout, overrides)]
    for n in (rows["_line"] != "").to_numpy().nonzero()[0]:
        ended[n] = MALFORMED[rows["_line"].iat[n]](ended[n][:-1])
    return "".join(ended).encode()
