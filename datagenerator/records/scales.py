"""Answers on ordered scales."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt

from datagenerator.draws import Floats


def lower_share(value: Floats) -> Floats:
    """Return the standard normal distribution function, to 0.0002 (Page 1977, Applied Statistics 26)."""
    return 1 / (1 + np.exp(-value * (1.5976 + 0.07056 * value**2)))


def answer(value: Floats, shares: Sequence[float]) -> npt.NDArray[np.intp]:
    """Return steps of a scale, 0 the lowest, that have `shares` where `value` is standard normal."""
    limits = np.cumsum(shares)[:-1] / np.sum(shares)
    return np.searchsorted(limits, lower_share(value), side="right")
