"""How near predicted numbers come, and how honest their intervals are."""

from collections.abc import Mapping

import numpy as np

from ml.evaluation.estimates import Array, Measures, ratio


def accuracy(outcome: Array, predicted: Array) -> Measures:
    """Return MAE, RMSE, bias (mean of predicted minus actual), in the outcome's unit, and R2."""
    off = predicted - outcome
    distance, square, outcome_square = np.abs(off), off**2, outcome**2

    def measures(weights: Array) -> Mapping[str, Array]:
        total = weights.sum(axis=1)
        squares = weights @ square
        spread = weights @ outcome_square - ratio((weights @ outcome) ** 2, total)
        return {
            "mae": ratio(weights @ distance, total),
            "rmse": np.sqrt(ratio(squares, total)),
            "r2": 1 - ratio(squares, spread),
            "bias": ratio(weights @ off, total),
        }

    return measures


def quantile_accuracy(outcome: Array, quantiles: Mapping[float, Array]) -> Measures:
    """Return the pinball loss of each predicted quantile, and coverage and mean width of the widest interval.

    The pinball loss charges `level` for a unit too low and `1 - level` for one too high (Koenker and Bassett
    1978); as `pinball_10` for the level 0.1. Both ends belong to the interval.
    """
    losses = {
        f"pinball_{100 * level:g}": np.where(outcome >= line, level, level - 1) * (outcome - line)
        for level, line in quantiles.items()
    }
    rows: dict[str, Array] = dict(losses)
    if len(quantiles) > 1:
        low, high = quantiles[min(quantiles)], quantiles[max(quantiles)]
        rows |= {"coverage": ((low <= outcome) & (outcome <= high)).astype(float), "width": high - low}

    def measures(weights: Array) -> Mapping[str, Array]:
        total = weights.sum(axis=1)
        return {name: ratio(weights @ values, total) for name, values in rows.items()}

    return measures
