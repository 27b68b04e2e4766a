"""Typed rows as the text of CSV lines."""

from collections.abc import Mapping

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from datagenerator.extract.layout import Layout

SPECIAL = '[",\r\n]'
PATTERNS = {"date": "%Y-%m-%d", "timestamp": "%Y-%m-%d %H:%M:%S"}
DOUBLE_DECIMALS = 4


def typed(frame: pd.DataFrame, layout: Layout) -> pd.DataFrame:
    """Return the columns of `layout`, and those that begin with an underscore, in uniform pandas types."""
    columns = {name: _uniform(frame[name], kind) for name, kind in layout.columns.items()}
    latent = {name: frame[name] for name in frame.columns if name.startswith("_")}
    return pd.DataFrame({**columns, **latent}).reset_index(drop=True)


def _uniform(column: pd.Series, kind: str) -> pd.Series:
    if kind in ("date", "timestamp"):
        return pd.to_datetime(column, cache=False).astype("datetime64[s]")
    if kind in ("int", "money"):
        return column.astype("Int64")
    if kind == "boolean":
        return column.astype("boolean")
    if kind == "double":
        return column.astype("float64")
    return column.astype("object").where(column.notna(), None)


def _money(cents: pa.Array) -> pa.Array:
    """Read integer cents as a decimal with two places: same digits, another scale."""
    whole = cents.cast(pa.decimal128(19, 0))
    scaled = pa.Array.from_buffers(pa.decimal128(19, 2), len(whole), whole.buffers())
    return scaled.cast(pa.string())


def _double(column: pd.Series) -> pa.Array:
    cells = [None if np.isnan(x) else f"{x:.{DOUBLE_DECIMALS}f}" for x in column.to_numpy()]
    return pa.array(cells, pa.string())


def _text(column: pd.Series, kind: str) -> pa.Array:
    if kind == "double":
        return _double(column)
    values = pa.array(column, from_pandas=True)
    if kind in PATTERNS:
        return pc.strftime(values.cast(pa.timestamp("s")), format=PATTERNS[kind])
    if kind == "money":
        return _money(values.cast(pa.int64()))
    if kind == "string":
        return values.cast(pa.string())
    return values.cast(pa.string())


def quoted(cells: pa.Array) -> pa.Array:
    """Return the cells with quotes around those that would not survive without."""
    special = pc.match_substring_regex(cells, SPECIAL)
    if not pc.any(special).as_py():
        return cells
    doubled = pc.replace_substring(cells, '"', '""')
    return pc.if_else(special, pc.binary_join_element_wise('"', doubled, '"', ""), cells)


def cells(frame: pd.DataFrame, layout: Layout) -> pa.Table:
    """Return the cells of typed rows as text, null where empty."""
    return pa.table({name: _text(frame[name], kind) for name, kind in layout.columns.items()})


def lines(frame: pd.DataFrame, layout: Layout, overrides: Mapping[int, Mapping[str, str]]) -> list[str]:
    """Return one CSV line a row, without line ends.

    `overrides` holds cells (row position, then column) whose text differs from what their type would write.
    """
    table = cells(frame, layout)
    joined = _join(table).to_pylist()
    rows = sorted(overrides)
    if rows:
        for row, plain in zip(rows, table.take(rows).to_pylist(), strict=True):
            joined[row] = _line({**plain, **overrides[row]})
    return joined


def _join(table: pa.Table) -> pa.Array:
    columns = [quoted(column.combine_chunks()) for column in table.columns]
    return pc.binary_join_element_wise(
        *[pc.fill_null(column, "") for column in columns], pa.scalar(","), null_handling="emit_null"
    )


def _line(row: Mapping[str, str | None]) -> str:
    text = pa.array([value or "" for value in row.values()], pa.string())
    return ",".join(quoted(text).to_pylist())
