"""Signs of the unusual: columns turned so that 0 is usual and more is more suspicious."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd


@dataclass(frozen=True)
class Sign:
    """One column as a sign: how far it lies above `usual`, as a logarithm where it counts things.

    `missing` stands for a value that is not known, by default what is usual. An `inverted` flag is a sign
    where it is false. More than `most` says no more. A sign counts for nothing where the flag `unless` holds.
    """

    column: str
    usual: float = 0.0
    missing: float | None = None
    is_count: bool = False
    is_inverted: bool = False
    most: float | None = None
    unless: str | None = None

    def values(self, rows: pd.DataFrame) -> pd.Series:
        """Return the sign of each row, never below 0."""
        numbers = rows[self.column].astype(float)
        numbers = 1 - numbers if self.is_inverted else numbers
        known = numbers.fillna(self.usual if self.missing is None else self.missing)
        above = (known - self.usual).clip(lower=0, upper=self.most)
        above = np.log1p(above) if self.is_count else above
        return above if self.unless is None else above * (1 - rows[self.unless].astype(float).fillna(0))


@dataclass(frozen=True)
class Signs:
    """The signs that a model of anomalies reads; they stand where other models have features."""

    signs: Sequence[Sign]

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of the signs: those of their columns."""
        return tuple(sign.column for sign in self.signs)

    @property
    def categories(self) -> tuple[str, ...]:
        """Signs are numbers; there are no categories."""
        return ()

    @property
    def names(self) -> list[str]:
        """Names of the signs in order."""
        return list(self.numbers)

    def frame(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return rows x signs."""
        return pd.DataFrame({sign.column: sign.values(rows) for sign in self.signs}, index=rows.index)
