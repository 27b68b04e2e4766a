"""From a feature table's columns to numbers: what every pipeline begins with."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import pandas as pd
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.impute import SimpleImputer
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler

from carelake.contract import Contract
from carelake.errors import CarelakeError

TEXT = ("string", "boolean")
SEEN_OFTEN = 20
"""Rows in which a category must occur to have a column of its own; the rest, and unknown ones, share one."""


class Inputs(Protocol):
    """What a model reads of a feature table's rows."""

    @property
    def numbers(self) -> tuple[str, ...]:
        """Names of the columns that are numbers."""

    @property
    def categories(self) -> tuple[str, ...]:
        """Names of the columns that are categories."""

    @property
    def names(self) -> list[str]:
        """Names of all columns, numbers first."""

    def frame(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the columns as a model takes them."""


@dataclass(frozen=True)
class Features:
    """The columns that a model reads: numbers, and categories (booleans among them)."""

    numbers: tuple[str, ...]
    categories: tuple[str, ...]

    @classmethod
    def of(cls, contract: Contract, besides: Sequence[str]) -> "Features":
        """Return the features of a table: all its columns besides keys, times and those named."""
        used = [column for column in contract.columns if column.name not in besides]
        numbers = tuple(column.name for column in used if column.type not in TEXT)
        return cls(numbers, tuple(column.name for column in used if column.type in TEXT))

    @property
    def names(self) -> list[str]:
        """All columns, numbers first."""
        return [*self.numbers, *self.categories]

    def frame(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return the columns as a model takes them: numbers as floats, categories as text.

        Raises:
            CarelakeError: a column is not there.
        """
        absent = [name for name in self.names if name not in rows]
        if absent:
            raise CarelakeError(
                f"the features lack {', '.join(absent)}: run `carelake run` to make them anew"
            )
        numbers = rows[list(self.numbers)].astype(float)
        categories = rows[list(self.categories)].astype(object)
        texts = categories.where(categories.isna(), categories.astype(str))
        return pd.concat([numbers, texts.fillna("missing")], axis=1)


def scaled(features: Inputs) -> ColumnTransformer:
    """Return the columns for linear models: imputed by the median and marked, scaled; categories one-hot."""
    numbers = make_pipeline(
        SimpleImputer(strategy="median", keep_empty_features=True, add_indicator=True), StandardScaler()
    )
    return _columns(features, numbers)


def imputed(features: Inputs) -> ColumnTransformer:
    """Return the columns for what takes no missing numbers but needs no scale: imputed by the median."""
    return _columns(features, SimpleImputer(strategy="median", keep_empty_features=True))


def raw(features: Inputs) -> ColumnTransformer:
    """Return the columns for trees: numbers as they are, missing ones too; categories one-hot."""
    return _columns(features, "passthrough")


def origin(name: str, features: Inputs) -> str:
    """Return the column that a transformed column was made from."""
    _, _, rest = name.partition("__")
    rest = rest.removeprefix("missingindicator_")
    candidates = (column for column in features.names if rest == column or rest.startswith(f"{column}_"))
    return max(candidates, key=len)


def _columns(features: Inputs, numbers: BaseEstimator | str) -> ColumnTransformer:
    categories = OneHotEncoder(
        handle_unknown="infrequent_if_exist", min_frequency=SEEN_OFTEN, sparse_output=False
    )
    return ColumnTransformer(
        [("numbers", numbers, list(features.numbers)), ("categories", categories, list(features.categories))]
    )
