"""The lake's tables as Polars frames."""

from pathlib import Path
from typing import Any

import polars as pl
from deltalake import DeltaTable

from carelake.contract import Contract
from carelake.states import State, read_state

FILE, ROW, BATCH = "_source_file", "_source_row", "_batch_id"
PLACE = [FILE, ROW]
"""Where a row stood in the landing zone; the truth calls them `file` and `row`."""
DELIVERED = [FILE, ROW, BATCH]
"""One delivered row: a file that was replaced in place brings its rows once per batch."""
INITIAL = "."
"""Folder of the initial extract, below the landing zone; it sorts before those of later deliveries."""


def folder() -> pl.Expr:
    """Return the folder of the delivery that brought a row."""
    return pl.col(FILE).str.extract(r"^(.*)/[^/]*$").fill_null(INITIAL)


class LakeTables:
    """Delta tables below one root, read without a JVM."""

    def __init__(self, root: Path) -> None:
        """Take the lake's root folder."""
        self.root = root

    def exists(self, table: str) -> bool:
        """Tell whether a table such as `silver/claims` is there."""
        return DeltaTable.is_deltatable(str(self.root / table))

    def scan(self, table: str) -> pl.LazyFrame:
        """Return a table, to be read as far as it is needed."""
        return pl.scan_delta(str(self.root / table))

    def read(self, table: str, *columns: str) -> pl.DataFrame:
        """Read columns of a table, in the order asked for."""
        return self.scan(table).select(*columns).collect()

    def register(self, name: str) -> dict[str, dict[str, Any]]:
        """Return what a bronze table has consumed: per file its content hash, rows and, maybe, its fault."""
        state = self.state(f"bronze/{name}")
        return state.note.files if state else {}

    def state(self, table: str) -> State | None:
        """Return what the last run wrote of a table; None where there is none, or none that a run wrote."""
        return read_state(self.root / table)

    def newer_inputs(self, table: str, contract: Contract) -> list[str]:
        """Return the inputs that changed since a table was made; none where no run made it."""
        state = self.state(table)
        if state is None:
            return []
        inputs = {read.table: self.state(read.table) for read in contract.reads}
        stamps = {name: found.stamp for name, found in inputs.items() if found}
        return [name for name, stamp in stamps.items() if state.note.inputs.get(name) != stamp]
