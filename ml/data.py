"""Tables of the lake as a model's driver reads them, at the versions they have now."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pandas as pd
import polars as pl

from carelake.errors import CarelakeError
from carelake.states import read_state


class Tables:
    """Reads tables whole into memory; `versions` are the Delta versions read so far, by table."""

    def __init__(self, lake: Path) -> None:
        """Take the folder of the lake."""
        self.lake = lake
        self.versions: dict[str, int] = {}

    def read(self, table: str, columns: Sequence[str] = ()) -> pd.DataFrame:
        """Return a table's rows, times without their zone (UTC), money as floats.

        Raises:
            CarelakeError: the table is not there.
        """
        state = read_state(self.lake / table)
        if state is None:
            raise CarelakeError(f"{table} is not built yet: run `carelake run`")
        self.versions[table] = state.version
        frame = pl.read_delta(str(self.lake / table), version=state.version, columns=list(columns) or None)
        money = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Decimal)]
        times = [name for name, kind in frame.schema.items() if isinstance(kind, pl.Datetime)]
        plain = frame.with_columns(
            *(pl.col(name).cast(pl.Float64) for name in money),
            *(pl.col(name).dt.replace_time_zone(None) for name in times),
        )
        return plain.to_pandas()

    def data_through(self) -> date:
        """Return the last day that the data is complete to; CarelakeError where no delivery says."""
        told = self.read("silver/deliveries", ["data_through"])["data_through"]
        if told.empty:
            raise CarelakeError(
                "no delivery says how far its data reaches: deliver a _delivery.json with data_through"
            )
        return pd.Timestamp(told.max()).date()
