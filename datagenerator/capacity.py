"""How many patients a hospital has to expect, and the beds it is licensed for: both follow from the request.

A small population has small hospitals: what it needs is spread over as many facilities as were asked for.
"""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.catalogue import table
from datagenerator.draws import Floats
from datagenerator.world import figures

UNITS = ("medical", "surgical", "icu", "maternity", "psychiatric")
ACUTE = ("acute_care", "critical_access")
REHABILITATION, PSYCHIATRIC = "rehabilitation", "psychiatric"


def expected_census(arguments: Arguments, places: pd.DataFrame) -> Floats:
    """Return the patients to expect a night, facilities x `UNITS`; 0 where a facility does not run a unit.

    `places` has facility_type, state and `_size` (relative) of every facility. The nights of care that the
    request implies go to the states by population, within a state to the facilities of a kind by size. Every
    acute hospital runs all units, since patients with any reason may come to it.
    """
    kind = places["facility_type"]
    beds = figures(arguments.world, "beds")
    shares = np.zeros((len(places), len(UNITS)))
    shares[kind.isin(ACUTE)] = np.array(beds["unit_shares"]) / np.sum(beds["unit_shares"])
    shares[kind == REHABILITATION, UNITS.index("medical")] = beds["rehabilitation_share"]
    shares[kind == PSYCHIATRIC, UNITS.index("psychiatric")] = beds["psychiatric_share"]
    group = [places["state"], kind.where(~kind.isin(ACUTE), "acute")]
    within = places["_size"] / places.groupby(group)["_size"].transform("sum").clip(lower=1)
    share = (_population_share(places["state"]) * within).to_numpy()
    return _nights_of_acute_care(arguments) * share[:, None] * shares


def licensed_beds(arguments: Arguments, expected: Floats) -> np.ndarray:
    """Return the beds of each unit: at the target occupancy, and enough for a usual peak.

    The census of a unit whose patients come independently is Poisson, so a peak lies some square roots of
    the mean above it. A unit that is run has at least one bed.
    """
    beds = figures(arguments.world, "beds")
    peak = expected + beds["peak_deviations"] * np.sqrt(expected)
    return np.ceil(np.maximum(expected / beds["licensed_occupancy"], peak)).astype(int)


def _nights_of_acute_care(arguments: Arguments) -> float:
    """Return the acute patients a night that the request implies, all facilities together."""
    days = (arguments.end - arguments.start).days + 1
    bills = arguments.encounters * figures(arguments.world, "encounters")["inpatient"]
    return float(bills * figures(arguments.world, "beds")["days_per_inpatient_encounter"] / days)


def _population_share(states: pd.Series) -> pd.Series:
    weight = table("places").groupby("state")["weight"].sum()
    return states.map(weight / weight[states.unique()].sum())
