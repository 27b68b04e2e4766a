"""Finds the constants that make a world come out as asked: `python -m datagenerator.clinical.pilot`.

It simulates fixed populations of its own, so what it writes (usual_rates.csv and readmission_pilot.csv of the
catalogue) depends on the model alone. Run it again after a change to rates, reasons or readmission terms.
"""

from dataclasses import replace

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block
from datagenerator.catalogue import FOLDER, table
from datagenerator.clinical import nature
from datagenerator.clinical.admissions import principal
from datagenerator.clinical.clock import DAY, WARM_UP_MONTHS, Clock, clock
from datagenerator.clinical.hospitals import hospitals
from datagenerator.clinical.measure import excluded_as
from datagenerator.clinical.months import live
from datagenerator.clinical.outcomes import FOLLOW_UP_DAYS
from datagenerator.clinical.population import population
from datagenerator.clinical.state import World

SEED = 20_260_101
PATIENTS, BLOCK = 60_000, 10_000
RATES = (0.02, 0.05, 0.10, 0.15, 0.20, 0.25, 0.30, 0.40)
STEPS = 3
SPLIT_BILLS = 1.055  # inpatient rows per true stay: split bills and care elsewhere add some


def world_of(arguments: Arguments, block: Block, time: Clock) -> World:
    """Return a block's world without the detail of addresses: patients live in all states alike."""
    people = population(arguments, block, time)
    places = hospitals(arguments)
    residence = np.arange(people.size) % len(places.states)
    return World(arguments, block, time, people, places, np.tile(residence[:, None], (1, time.months)), 0)


def log_of(world: World) -> tuple[pd.DataFrame, list[nature.Rates]]:
    """Simulate a world; return all its stays and each month's rates."""
    state, rates = live(world)
    waves = state.stays
    return pd.DataFrame({name: np.concatenate([wave[name] for wave in waves]) for name in waves[0]}), rates


def index_stays(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Return those of the stays that are index stays with full follow-up in the extract."""
    time = world.clock
    reason_kinds = np.array([excluded_as(code) for code in principal().rows["code"]])
    adult = (stays["age"] >= 18) & (reason_kinds[stays["code"]] == "")
    left = ~(stays["died"] | stays["transferred"] | stays["against_advice"] | stays["back_today"])
    followed = stays["discharged"] // DAY + FOLLOW_UP_DAYS <= time.end
    return stays[adult & left & followed & (stays["admitted"] >= time.first_second)]


def _measured(arguments: Arguments, number: int) -> tuple[np.ndarray, float]:
    """Return the chances of a block's index stays, and inpatient rows per expected first admission."""
    time = clock(arguments, 0)
    world = world_of(arguments, Block(number, 0, BLOCK), time)
    stays, rates = log_of(world)
    inside = ((stays["admitted"] >= time.first_second) & (stays["admitted"] <= time.ends[0])).sum()
    asked = sum(month.inpatient.sum() for month in rates[WARM_UP_MONTHS:])
    return index_stays(world, stays)["p_readmitted"].to_numpy(), inside * SPLIT_BILLS / asked


def intercept_for(rate: float) -> tuple[float, float]:
    """Return intercept and rows per admission at which the mean chance of index stays is `rate`."""
    arguments = replace(
        Arguments(), patients=PATIENTS, encounters=5 * PATIENTS, seed=SEED, readmission_rate=rate
    )
    known = table("readmission_pilot").set_index("rate")
    intercept = nature.readmission_intercept(rate)
    rows = nature.rows_per_admission(rate)
    for _ in range(STEPS):
        known.loc[rate] = intercept, rows
        _use(known)
        found = [_measured(arguments, number) for number in range(PATIENTS // BLOCK)]
        chance = np.concatenate([chances for chances, _ in found])
        logit = np.log(chance / (1 - chance))
        for _ in range(20):
            mean = (1 / (1 + np.exp(-logit))).mean()
            logit += np.log(rate / (1 - rate)) - np.log(mean / (1 - mean))
        shift = float((logit - np.log(chance / (1 - chance))).mean())
        intercept += shift
        rows = float(np.mean([share for _, share in found]))
    known.loc[rate] = intercept, rows
    _use(known)
    return intercept, rows


def _use(known: pd.DataFrame) -> None:
    """Write the table and forget what was read from the former one."""
    known.sort_index().round(4).to_csv(FOLDER / "readmission_pilot.csv")
    for cached in (table, nature.readmission_intercept, nature.rows_per_admission):
        cached.cache_clear()


def usual_rates() -> pd.DataFrame:
    """Return the means of the relative rates over patients and months of the extract."""
    arguments = replace(Arguments(), patients=PATIENTS, encounters=5 * PATIENTS, seed=SEED)
    _, rates = log_of(world_of(arguments, Block(0, 0, BLOCK), clock(arguments, 0)))
    base = nature.scale(arguments)
    shares = dict(nature.shares(arguments.world))
    shares["inpatient"] /= nature.rows_per_admission(arguments.readmission_rate)
    del shares["observation"]  # as urgent as emergencies
    before = nature.usual_means()
    means = [
        before[name]
        * np.mean([getattr(month, name).mean() for month in rates[WARM_UP_MONTHS:]])
        / share
        / base
        for name, share in shares.items()
    ]
    return pd.DataFrame({"rate": list(shares), "mean": np.round(means, 4)})


def main() -> None:
    """Measure and write both tables."""
    usual_rates().to_csv(FOLDER / "usual_rates.csv", index=False)
    table.cache_clear()
    nature.usual_means.cache_clear()
    for rate in RATES:
        intercept_for(rate)


if __name__ == "__main__":
    main()
