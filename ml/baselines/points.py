"""Scores of points: rules as data, applied to plain columns."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd

from carelake.errors import CarelakeError


@dataclass(frozen=True)
class Rule:
    """The points of one column: each step tells from which value on, that value included, they hold.

    A missing value scores 0, which is what a normal value scores by every rule: a laboratory value that
    nobody asked for is taken to be normal. Flags count as 0 and 1.
    """

    column: str
    steps: tuple[tuple[float, int], ...]

    def points(self, values: pd.Series) -> npt.NDArray[np.int64]:
        """Return the points of each value."""
        numbers = pd.to_numeric(values).to_numpy(dtype=float, na_value=np.nan)
        starts = np.array([start for start, _ in self.steps])
        worth = np.array([0, *(points for _, points in self.steps)])
        return np.where(np.isnan(numbers), 0, worth[np.searchsorted(starts, numbers, side="right")])


def scored(rules: Sequence[Rule], rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the sum of all rules' points for each row.

    Raises:
        CarelakeError: a column is not there.
    """
    absent = [rule.column for rule in rules if rule.column not in rows]
    if absent:
        raise CarelakeError(f"the score needs columns that are not there: {', '.join(absent)}")
    return np.sum([rule.points(rows[rule.column]) for rule in rules], axis=0, dtype=np.int64)
