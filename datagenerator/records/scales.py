"""Answers on ordered scales, and events, from numbers that belong to a record's id."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Floats, Hashes, lognormal
from datagenerator.periods import known_in


def normal(base: Hashes, seed: int, purpose: str) -> Floats:
    """Return standard normal numbers, independent between ids, seeds and purposes."""
    return np.log(lognormal(base, seed, purpose, 1.0)) + 0.5


def lower_share(value: Floats) -> Floats:
    """Return the standard normal distribution function, to 0.0002 (Page 1977, Applied Statistics 26)."""
    return 1 / (1 + np.exp(-value * (1.5976 + 0.07056 * value**2)))


def answer(value: Floats, shares: Sequence[float]) -> npt.NDArray[np.intp]:
    """Return steps of a scale, 0 the lowest, that have `shares` where `value` is standard normal."""
    limits = np.cumsum(shares)[:-1] / np.sum(shares)
    return np.searchsorted(limits, lower_share(value), side="right")


def told(steps: Sequence[pd.DataFrame], key: str, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the images of records that go through `steps`, with the delivery that brings each as `_known`.

    Of the steps that fall into one delivery's period the last is told; `updated_at` says when each was
    written.
    """
    order = [step.assign(_step=number) for number, step in enumerate(steps)]
    images = pd.concat(order, ignore_index=True)
    images["_known"] = known_in(images["updated_at"], arguments, deliveries)
    images = images[images["_known"] <= deliveries].sort_values([key, "_step"], kind="stable")
    last = images.drop_duplicates([key, "_known"], keep="last")
    return last.drop(columns="_step").reset_index(drop=True)
