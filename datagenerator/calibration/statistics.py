"""Plain numbers out of columns; what is missing counts nowhere, and nothing at all is nought."""

import numpy as np
import polars as pl


def mean(column: pl.Series) -> float:
    """Return the mean of numbers, the share of true ones among flags."""
    known = column.drop_nulls().to_numpy()
    return float(known.mean()) if len(known) else 0.0


def median(column: pl.Series) -> float:
    """Return the median."""
    known = column.drop_nulls().to_numpy()
    return float(np.median(known)) if len(known) else 0.0


def total(column: pl.Series) -> float:
    """Return the sum."""
    return float(column.drop_nulls().to_numpy().sum())


def ratio(part: pl.Series, whole: pl.Series) -> float:
    """Return one sum over another."""
    return total(part) / (total(whole) or 1.0)
