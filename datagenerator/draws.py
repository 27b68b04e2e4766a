"""Random numbers that belong to a record: the same for the same id, whatever else is drawn beside it.

A block's stream gives its n-th number to its n-th record, so a record that appears later would shift all
others. Where rows of later deliveries must leave earlier ones untouched, numbers come from the id instead.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

Floats = npt.NDArray[np.float64]
Hashes = npt.NDArray[np.uint64]


def _mix(state: Hashes) -> Hashes:
    """Scramble 64-bit states (SplitMix64 finaliser: Steele, Lea, Flood 2014)."""
    state = (state ^ (state >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    state = (state ^ (state >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return state ^ (state >> np.uint64(31))


def hashes(ids: pd.Series) -> Hashes:
    """Return a 64-bit hash of each id (text)."""
    return pd.util.hash_array(ids.to_numpy(dtype=object), categorize=False)


def uniform(base: Hashes, seed: int, purpose: str) -> Floats:
    """Return numbers in (0, 1), independent between ids, seeds and purposes."""
    name = int(pd.util.hash_array(np.array([purpose], dtype=object), categorize=False)[0])
    salt = np.uint64((name + seed * 0x9E3779B97F4A7C15) % 2**64)
    mixed = _mix(_mix(base + np.uint64(0x9E3779B97F4A7C15)) ^ salt)
    return ((mixed >> np.uint64(11)).astype(np.float64) + 0.5) / 2.0**53


def exponential(base: Hashes, seed: int, purpose: str, mean: float) -> Floats:
    """Return exponential waiting times with the given mean."""
    return -np.log(uniform(base, seed, purpose)) * mean


def normal(base: Hashes, seed: int, purpose: str) -> Floats:
    """Return standard normal numbers (Box-Muller)."""
    radius, cosine = _polar(base, seed, purpose)
    return radius * cosine


def lognormal(base: Hashes, seed: int, purpose: str, sigma: float) -> Floats:
    """Return factors around a mean of one, their logarithm normal with `sigma`."""
    radius, cosine = _polar(base, seed, purpose)
    return np.exp(sigma * radius * cosine - sigma**2 / 2)


def _polar(base: Hashes, seed: int, purpose: str) -> tuple[Floats, Floats]:
    radius = np.sqrt(-2 * np.log(uniform(base, seed, purpose + " radius")))
    return radius, np.cos(2 * np.pi * uniform(base, seed, purpose + " angle"))


def pick(base: Hashes, seed: int, purpose: str, weights: npt.ArrayLike) -> npt.NDArray[np.intp]:
    """Return an index into `weights` per id, with probabilities in their proportion."""
    cumulative = np.cumsum(np.asarray(weights, dtype=np.float64))
    shares = uniform(base, seed, purpose) * cumulative[-1]
    return np.searchsorted(cumulative, shares, side="right").clip(0, len(cumulative) - 1)


def pick_each(weights: Floats, share: Floats) -> npt.NDArray[np.int64]:
    """Return a column of each row, chances in proportion to the row's weights, by its uniform `share`."""
    upto = np.cumsum(weights, axis=1)
    number = (upto <= (share * upto[:, -1])[:, None]).sum(axis=1)
    return np.minimum(number, weights.shape[1] - 1)
