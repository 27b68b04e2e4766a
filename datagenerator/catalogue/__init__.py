"""Tables of the simulated world: conditions, codes, places; read from the CSV files beside this module."""

from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path

import numpy as np
import pandas as pd

FOLDER = Path(__file__).parent
REFERENCE = FOLDER.parents[1] / "conf" / "reference"


@lru_cache
def table(name: str) -> pd.DataFrame:
    """Return the catalogue's table `name`; codes and names stay text, empty cells are empty text."""
    text = {"code", "zip3", "state_number", "drg_mcc", "drg_cc", "drg", "diagnosis", "drug_code"}
    return pd.read_csv(FOLDER / f"{name}.csv", dtype=dict.fromkeys(text, str), keep_default_na=False)


@lru_cache
def reference(name: str) -> pd.DataFrame:
    """Return the reference table `name` of `conf/reference`, all text."""
    return pd.read_csv(REFERENCE / f"{name}.csv", dtype=str, keep_default_na=False)


class Choices:
    """Weighted codes grouped by name: draws one code of a group from one uniform number."""

    def __init__(self, frame: pd.DataFrame, names: list[str]) -> None:
        order = {name: number for number, name in enumerate(names)}
        rows = frame[frame["name"].isin(order)].assign(group=lambda f: f["name"].map(order))
        rows = rows.sort_values("group", kind="stable").reset_index(drop=True)
        self.rows = rows
        shares = rows.groupby("group")["weight"].transform(lambda w: w.cumsum() / w.sum())
        self._upto = (rows["group"] + shares).to_numpy()
        self._last = np.append(np.searchsorted(rows["group"], np.arange(1, len(names))), len(rows)) - 1

    def draw(self, group: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return the row number (in `rows`) drawn for each group number and uniform number."""
        found = np.searchsorted(self._upto, group + uniform, side="right")
        return np.minimum(found, self._last[group])


def columns(frame: pd.DataFrame, *names: str) -> Mapping[str, np.ndarray]:
    """Return columns of a table as float arrays by name."""
    return {name: frame[name].to_numpy(float) for name in names}
