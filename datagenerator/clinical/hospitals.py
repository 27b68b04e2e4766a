"""Where patients go: hospitals, clinics and their staff as arrays that a simulation can index."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.organisations import facilities, providers

ACUTE = ("acute_care", "critical_access")
SPECIALISTS = ("cardiology", "pulmonology", "nephrology", "oncology", "neurology", "physical medicine")
# Which specialties attend which kind of care.
ATTENDING = {
    "medical": ("hospital medicine", "internal medicine", *SPECIALISTS),
    "surgical": ("general surgery", "orthopedic surgery"),
    "icu": ("pulmonology", "hospital medicine"),
    "maternity": ("obstetrics",),
    "psychiatric": ("psychiatry",),
    "emergency": ("emergency medicine",),
    "primary": ("family medicine", "internal medicine"),
    "visit": ("family medicine", "internal medicine", "obstetrics", "psychiatry", *SPECIALISTS),
    "child": ("pediatrics",),
}


class Weighted:
    """Members by group with weights: one uniform number draws one member of a group."""

    def __init__(self, members: np.ndarray, groups: np.ndarray, weights: np.ndarray, size: int) -> None:
        order = np.argsort(groups, kind="stable")
        self.members, groups, weights = members[order], groups[order], weights[order]
        shares = pd.Series(weights).groupby(groups).transform(lambda w: w.cumsum() / w.sum())
        self._upto = groups + shares.to_numpy()
        self.first = np.searchsorted(groups, np.arange(size))
        self.count = np.bincount(groups, minlength=size)

    def draw(self, group: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return a member of each group; the group must not be empty."""
        found = np.searchsorted(self._upto, group + uniform, side="right")
        last = self.first[group] + self.count[group] - 1
        return self.members[np.minimum(found, last)]


@dataclass(frozen=True)
class Hospitals:
    """Facilities by position in the landing frame, and the ways to choose among them."""

    facility_id: np.ndarray
    state: np.ndarray
    states: list[str]
    is_acute: np.ndarray
    is_critical_access: np.ndarray
    acute: Weighted
    ambulatory: Weighted
    rehabilitation: Weighted
    psychiatric: Weighted

    def another(self, facility: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return an acute hospital other than the given one, of its state where there is one."""
        choice = self.acute.draw(self.state[facility], uniform)
        again = self.acute.draw(self.state[facility], (uniform * 7919) % 1)
        choice = np.where(choice == facility, again, choice)
        everywhere = np.flatnonzero(self.is_acute)
        position = np.searchsorted(everywhere, facility)
        neighbour = everywhere[(position + 1) % len(everywhere)]
        return np.where(choice == facility, neighbour, choice)


@lru_cache(maxsize=4)
def hospitals(arguments: Arguments) -> Hospitals:
    """Return the facilities of the request ready for drawing."""
    frame = facilities(arguments)
    states = frame["state"].drop_duplicates().to_list()
    state = frame["state"].map({name: number for number, name in enumerate(states)}).to_numpy()
    kind = frame["facility_type"].to_numpy()
    size = frame["_size"].to_numpy(float)
    acute = np.isin(kind, ACUTE)
    known = providers(arguments)
    seeing = known[known["specialty"].isin(ATTENDING["visit"])]["facility_id"].value_counts()
    doctors = frame["facility_id"].map(seeing).fillna(0).to_numpy(float)
    return Hospitals(
        facility_id=frame["facility_id"].to_numpy(),
        state=state,
        states=states,
        is_acute=acute,
        is_critical_access=kind == "critical_access",
        acute=_by_state(state, acute, size, acute, len(states)),
        ambulatory=_by_state(state, acute | (kind == "clinic"), doctors, acute, len(states)),
        rehabilitation=_by_state(state, kind == "rehabilitation", size, acute, len(states)),
        psychiatric=_by_state(state, kind == "psychiatric", size, acute, len(states)),
    )


def _by_state(
    state: np.ndarray, wanted: np.ndarray, weights: np.ndarray, fallback: np.ndarray, size: int
) -> Weighted:
    """Group the wanted facilities by state; a state without one uses its hospitals, or else all of them."""
    members, groups = [], []
    for number in range(size):
        for choice in (wanted & (state == number), fallback & (state == number), fallback):
            if choice.any():
                members.append(np.flatnonzero(choice))
                groups.append(np.full(choice.sum(), number))
                break
    chosen = np.concatenate(members)
    return Weighted(chosen, np.concatenate(groups), weights[chosen] + 0.01, size)


@dataclass(frozen=True)
class Staff:
    """Providers by facility and kind of care."""

    provider_id: np.ndarray
    kinds: list[str]
    _teams: Weighted

    def draw(self, facility: np.ndarray, kind: np.ndarray, uniform: np.ndarray) -> np.ndarray:
        """Return provider ids for facility positions and kind numbers (positions in `kinds`)."""
        return self.provider_id[self._teams.draw(facility * len(self.kinds) + kind, uniform)]


@lru_cache(maxsize=4)
def staff(arguments: Arguments) -> Staff:
    """Return the providers of the request ready for drawing."""
    frame = providers(arguments)
    position = {name: number for number, name in enumerate(hospitals(arguments).facility_id)}
    place = frame["facility_id"].map(position).to_numpy()
    specialty = frame["specialty"].to_numpy()
    kinds = list(ATTENDING)
    members, groups = [], []
    for facility in range(len(position)):
        here = np.flatnonzero(place == facility)
        for number, kind in enumerate(kinds):
            team = _team(here, specialty, ATTENDING[kind], facility, len(frame))
            members.append(team)
            groups.append(np.full(len(team), facility * len(kinds) + number))
    chosen = np.concatenate(members)
    size = len(position) * len(kinds)
    teams = Weighted(chosen, np.concatenate(groups), np.ones(len(chosen)), size)
    return Staff(frame["provider_id"].to_numpy(), kinds, teams)


def _team(
    here: np.ndarray, specialty: np.ndarray, wanted: tuple[str, ...], facility: int, count: int
) -> np.ndarray:
    """Return those with a wanted specialty, else all of the facility, else a visiting provider."""
    team = here[np.isin(specialty[here], wanted)]
    if len(team):
        return team
    return here if len(here) else np.array([facility % count])
