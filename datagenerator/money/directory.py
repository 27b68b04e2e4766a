"""Who works where, and which supplier serves a facility, ready for drawing by claim."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.clinical.hospitals import Weighted
from datagenerator.draws import Floats
from datagenerator.organisations import facilities, providers

SUPPLYING = "clinic"

Texts = npt.NDArray[np.object_]


class Directory:
    """Facilities with their staff, and the clinics of a state that do tests and deliver equipment for it.

    `members` are the providers as the landing file has them; `suppliers` the facility ids of all suppliers.
    """

    def __init__(self, places: pd.DataFrame, members: pd.DataFrame) -> None:
        self.members = members
        self._ids = places["facility_id"].to_numpy(object)
        self._position = {name: number for number, name in enumerate(self._ids)}
        self._types = dict(zip(places["facility_id"], places["facility_type"], strict=True))
        self._states = dict(zip(places["facility_id"], places["state"], strict=True))
        supplying = _or_last(places["facility_type"].to_numpy() == SUPPLYING)
        self.suppliers: list[str] = list(self._ids[supplying])
        self._staff = _grouped(len(places), lambda number: self._team(self._ids[number], number))
        state = places["state"].to_numpy()
        everywhere = np.flatnonzero(supplying)
        near = [np.flatnonzero(supplying & (state == own)) for own in state]
        self._near = _grouped(len(places), lambda number: near[number] if len(near[number]) else everywhere)

    def state(self, facility: str) -> str:
        """Return the state a facility is in."""
        return self._states[facility]

    def colleague(self, facility: pd.Series, uniform: Floats) -> Texts:
        """Return a provider of each facility."""
        drawn = self._staff.draw(self._numbers(facility), uniform)
        return self.members["provider_id"].to_numpy(object)[drawn]

    def supplier(self, facility: pd.Series, uniform: Floats) -> Texts:
        """Return a supplier for each facility, of its state where there is one."""
        return self._ids[self._near.draw(self._numbers(facility), uniform)]

    def is_office(self, facility: pd.Series) -> npt.NDArray[np.bool_]:
        """Tell which facilities are no hospitals."""
        return (facility.map(self._types) == SUPPLYING).to_numpy(dtype=bool)

    def _numbers(self, facility: pd.Series) -> npt.NDArray[np.int64]:
        return facility.map(self._position).to_numpy(dtype=np.int64)

    def _team(self, facility: str, number: int) -> npt.NDArray[np.intp]:
        here = np.flatnonzero((self.members["facility_id"] == facility).to_numpy())
        return here if len(here) else np.array([number % len(self.members)])


@lru_cache(maxsize=4)
def directory(arguments: Arguments) -> Directory:
    """Return the directory of the request's facilities and providers."""
    return Directory(facilities(arguments), providers(arguments))


def _or_last(chosen: npt.NDArray[np.bool_]) -> npt.NDArray[np.bool_]:
    """Return the choice, or the last of all where nothing is chosen."""
    return chosen if chosen.any() else np.arange(len(chosen)) == len(chosen) - 1


def _grouped(size: int, members: Callable[[int], npt.NDArray[np.intp]]) -> Weighted:
    groups = [members(number) for number in range(size)]
    numbers = np.repeat(np.arange(size), [len(group) for group in groups])
    chosen = np.concatenate(groups)
    return Weighted(chosen, numbers, np.ones(len(chosen)), size)
