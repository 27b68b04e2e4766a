"""Figures with intervals: patients are drawn again, and the same draws serve every score on the same rows."""

import hashlib
from collections.abc import Callable, Hashable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

import numpy as np
import numpy.typing as npt
import pandas as pd

from carelake.errors import CarelakeError

Array = npt.NDArray[np.float64]
Measures = Callable[[Array], Mapping[str, Array]]
"""From weights (draws x rows) to figures by name, one for each draw; NaN where a draw does not define it."""
Key = TypeVar("Key", bound=Hashable)

DRAWS = 1000
ENDS = (2.5, 97.5)
"""Percentiles of the draws that bound a 95 % interval."""
DEFINED = 0.9
"""Share of the draws that must define a figure; below it, the few that do would not be a fair picture."""
CELLS = 50_000
"""Weights held at once: 400 kB, which stay in the processor's cache; with more it takes twice as long."""
AT_ONCE = 10
"""Draws measured at once at least: what a measure keeps for each row is read once for all of them."""


@dataclass(frozen=True)
class Estimate:
    """A figure of a sample and of each draw of its patients; ends of the interval are NaN if not known."""

    value: float
    draws: Array = field(repr=False, compare=False)

    @cached_property
    def interval(self) -> tuple[float, float]:
        """The bootstrap 95 % percentile interval (Efron and Tibshirani 1993, chapter 13)."""
        defined = self.draws[np.isfinite(self.draws)]
        if not np.isfinite(self.value) or len(defined) < max(DEFINED * len(self.draws), 1):
            return float("nan"), float("nan")
        low, high = np.percentile(defined, ENDS)
        return float(low), float(high)

    @property
    def low(self) -> float:
        """The lower end."""
        return self.interval[0]

    @property
    def high(self) -> float:
        """The upper end."""
        return self.interval[1]

    @property
    def is_known(self) -> bool:
        """Whether there is an interval."""
        return bool(np.isfinite(self.low))

    def is_above(self, bound: float) -> bool:
        """Whether the whole interval lies above a bound: more than chance."""
        return self.low > bound

    def is_below(self, bound: float) -> bool:
        """Whether the whole interval lies below a bound."""
        return self.high < bound

    def meets(self, low: float, high: float) -> bool:
        """Whether the interval and a range have a point in common."""
        return self.low <= high and self.high >= low

    def __sub__(self, other: "Estimate") -> "Estimate":
        """Return the paired difference; both must come from the same draws."""
        return Estimate(self.value - other.value, self.draws - other.draws)

    def __neg__(self) -> "Estimate":
        return Estimate(-self.value, -self.draws)

    def __str__(self) -> str:
        if not self.is_known:
            return f"{self.value:.3f} (interval not known)"
        return f"{self.value:.3f} ({self.low:.3f} to {self.high:.3f})"


@dataclass(frozen=True, eq=False)
class Sample:
    """The rows that scores are judged on.

    `outcome` holds 0 and 1, or numbers; `patients` the patient of each row; `groups` a column for each
    attribute that subgroups are formed by. Patients are drawn, not rows, because rows of one patient resemble
    each other (cluster bootstrap: Field and Welsh 2007).
    """

    outcome: Array
    patients: npt.NDArray[np.str_]
    groups: pd.DataFrame = field(default_factory=pd.DataFrame)
    draws: int = DRAWS
    seed: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "outcome", np.asarray(self.outcome, dtype=float))
        object.__setattr__(self, "patients", np.asarray(self.patients, dtype=str))
        if not len(self.outcome) or not np.isfinite(self.outcome).all():
            raise CarelakeError(
                "there are no rows to evaluate on, or outcomes are missing: leave those rows out"
            )
        if len(self.patients) != self.rows or (len(self.groups.columns) and len(self.groups) != self.rows):
            raise CarelakeError("outcome, patients and groups must have one value for each row")

    @property
    def rows(self) -> int:
        """The number of rows."""
        return len(self.outcome)

    @cached_property
    def key(self) -> str:
        """Names rows and draws: estimates can be paired where it is the same."""
        told = hashlib.sha256("\n".join(self.patients).encode())
        told.update(self.outcome.tobytes())
        told.update(f"{self.draws}:{self.seed}".encode())
        return told.hexdigest()

    def checked(self, score: npt.ArrayLike) -> Array:
        """Return a score as numbers.

        Raises:
            CarelakeError: it has another length, or rows without a score.
        """
        numbers = np.asarray(score, dtype=float)
        if numbers.shape != (self.rows,) or not np.isfinite(numbers).all():
            raise CarelakeError(f"a score must have one finite number for each of the {self.rows} rows")
        return numbers

    def estimates(self, families: Mapping[Key, Measures]) -> dict[Key, dict[str, Estimate]]:
        """Measure the sample and its draws; the draws are made once for all families."""
        whole = {key: measures(np.ones((1, self.rows))) for key, measures in families.items()}
        drawn: dict[Key, dict[str, list[Array]]] = {
            key: {name: [] for name in values} for key, values in whole.items()
        }
        for weights in self._weights():
            for key, measures in families.items():
                for name, values in measures(weights).items():
                    drawn[key][name].append(values)
        return {
            key: {
                name: Estimate(float(value[0]), _joined(drawn[key][name])) for name, value in values.items()
            }
            for key, values in whole.items()
        }

    def _weights(self) -> Iterator[Array]:
        """Yield how often each row is drawn, some draws at a time (draws x rows)."""
        known, places = np.unique(self.patients, return_inverse=True)
        random = np.random.default_rng(self.seed)
        at_once = max(AT_ONCE, CELLS // self.rows)
        for start in range(0, self.draws, at_once):
            some = min(at_once, self.draws - start)
            chosen = random.integers(len(known), size=(some, len(known)))
            chosen += np.arange(some)[:, None] * len(known)
            times = np.bincount(chosen.ravel(), minlength=some * len(known)).reshape(some, -1)
            yield times.astype(float)[:, places]


def within(rows: npt.NDArray[np.bool_], measures: Measures) -> Measures:
    """Return the measures of some rows, fed with the weights of all."""
    places = np.flatnonzero(rows)
    return lambda weights: measures(weights[:, places])


def ratio(part: Array, whole: Array) -> Array:
    """Return one over the other, NaN where there is nothing to divide by."""
    return np.divide(part, whole, out=np.full(np.broadcast(part, whole).shape, np.nan), where=whole != 0)


def _joined(parts: list[Array]) -> Array:
    return np.concatenate(parts) if parts else np.empty(0)
