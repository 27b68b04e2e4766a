"""The distribution of a column, kept with a model and held against later ones."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Self

import numpy as np
import pandas as pd

PROFILES = "profiles.json"
"""File of a run that holds its profiles."""
SCORE = "score"
BINS = 10
MISSING, OTHER = "missing", "other"
LEAST_SHARE = 1e-4
"""Stands for a share of nothing, which has no logarithm."""
COMMON = 0.01
"""Share from which a category has a bin of its own."""


@dataclass(frozen=True)
class Profile:
    """Shares of a column's values by bin: of numbers by `edges`, of texts by `categories`; missing apart."""

    rows: int
    edges: tuple[float, ...]
    categories: tuple[str, ...]
    shares: tuple[float, ...]

    @classmethod
    def of(cls, values: pd.Series) -> Self:
        """Return the profile of some values: deciles of numbers, the common ones of texts."""
        if pd.api.types.is_numeric_dtype(values):
            inner = np.unique(values.dropna().quantile(np.linspace(0, 1, BINS + 1)[1:-1]))
            edges, categories = tuple(float(edge) for edge in inner), ()
        else:
            shares = values.value_counts(normalize=True)
            edges, categories = (), tuple(sorted(shares[shares >= COMMON].index))
        empty = cls(len(values), edges, categories, ())
        return cls(len(values), edges, categories, tuple(empty.counted(values) / max(len(values), 1)))

    @classmethod
    def read(cls, told: Mapping[str, Any]) -> Self:
        """Return a profile from its JSON values."""
        lists = {name: tuple(told[name]) for name in ("edges", "categories", "shares")}
        return cls(int(told["rows"]), **lists)

    def told(self) -> dict[str, Any]:
        """Return the profile as JSON values."""
        return asdict(self)

    def counted(self, values: pd.Series) -> np.ndarray:
        """Return how many values fall in each bin, those missing last."""
        missing = values.isna()
        if self.categories:
            names = [*self.categories, OTHER]
            found = values[~missing].where(values[~missing].isin(self.categories), OTHER)
            counts = found.value_counts().reindex(names, fill_value=0).to_numpy()
        else:
            bins = np.searchsorted(np.array(self.edges), values[~missing].to_numpy(float), side="right")
            counts = np.bincount(bins, minlength=len(self.edges) + 1)
        return np.append(counts, missing.sum()).astype(float)


def psi(profile: Profile, values: pd.Series) -> tuple[float, float]:
    """Return the population stability index of values against a profile, and what chance alone would make it.

    PSI is the sum of (live - trained share) times the logarithm of their ratio (Siddiqi 2006, Credit Risk
    Scorecards); without a change its mean is about (bins - 1) (1/n + 1/m) (Yurdakul 2018).
    """
    counts = profile.counted(values)
    live = np.maximum(counts / max(counts.sum(), 1), LEAST_SHARE)
    trained = np.maximum(np.array(profile.shares), LEAST_SHARE)
    index = float(((live - trained) * np.log(live / trained)).sum())
    used = int(((counts > 0) | (np.array(profile.shares) > 0)).sum())
    return index, (used - 1) * (1 / max(len(values), 1) + 1 / max(profile.rows, 1))


def profiles(rows: pd.DataFrame, score: np.ndarray) -> dict[str, Any]:
    """Return the profiles of a model's features in training and of its scores in test, as JSON values."""
    told = {name: Profile.of(rows[name]).told() for name in rows}
    return {"features": told, SCORE: Profile.of(pd.Series(score)).told()}
