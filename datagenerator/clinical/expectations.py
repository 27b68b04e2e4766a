"""What the next twelve months hold for each patient on average, as of a year before the data end."""

import numpy as np
import pandas as pd

from datagenerator.catalogue import columns, table
from datagenerator.clinical.clock import as_days
from datagenerator.clinical.nature import (
    Rates,
    age_at,
    monthly_death,
    readmission_intercept,
)
from datagenerator.clinical.state import World
from datagenerator.world import figures

MONTHS_AHEAD = 12
# What a usual stay adds to the patient's own terms of the readmission model, and how much a patient's frailty
# and conditions work through severity, length of stay and prior use: least-squares fits to simulated stays.
USUAL_STAY, FRAILTY_WORKS, BURDEN_WORKS = 0.35, 0.45, 0.60
QUIET_MONTHS = 1.15  # stay and follow-up, during which no background admission happens
ROWS_PER_STAY = 1.06  # split bills and care elsewhere
STAYS_DYING = 0.04  # patients who die in or soon after a stay
AGEING = 1.06  # what a year more of age and new conditions add


def expectations(world: World, rates: list[Rates], death: np.ndarray) -> pd.DataFrame:
    """Return one row per patient: latent nature and the expected encounters of the 12 months from `as_of`.

    Expected as the patient is on that day: background rates with survival, returns in proportion to the
    patient's own chance of readmission; conditions that begin within the year count on average only.
    """
    people = world.people
    position = max(len(rates) - MONTHS_AHEAD, 0)
    as_of = int(world.clock.month_days[world.first_month + position])
    there = (death >= as_of) & (people.joined < as_of)
    now = rates[position]
    living = MONTHS_AHEAD * _survival(world, as_of, now.inpatient)
    chance = _readmission_chance(world, as_of)
    first = now.inpatient / (1 + now.inpatient * QUIET_MONTHS)
    frame = pd.DataFrame({"patient_id": [f"P{number:08d}" for number in people.number]})
    frame["frailty"], frame["is_high_cost"] = people.frailty, people.is_high_cost
    frame["cost_factor"], frame["first_period"] = people.cost_factor, people.first_period
    frame["as_of"] = as_days(np.full(people.size, as_of))
    frame["death_date"] = as_days(np.asarray(death))
    remote = figures(world.arguments.world, "encounters")["telehealth_of_visits"]
    expected = {
        "rate_inpatient": first / (1 - chance) * ROWS_PER_STAY * AGEING,
        "rate_emergency": now.emergency,
        "rate_observation": now.observation,
        "rate_outpatient": now.visits * AGEING * (1 - remote),
        "rate_telehealth": now.visits * AGEING * remote,
    }
    for name, monthly in expected.items():
        frame[name] = np.where(there, monthly * living, np.nan)
    return frame


def _survival(world: World, day: int, inpatient: np.ndarray) -> np.ndarray:
    """Return the share of the coming year that the patient lives on average."""
    monthly = monthly_death(world.people, day) + inpatient * STAYS_DYING
    return np.clip(1 - monthly * MONTHS_AHEAD / 2, 0.2, 1.0)


def _readmission_chance(world: World, day: int) -> np.ndarray:
    """Return the chance that a usual stay of the patient is followed by another, planned or not."""
    people = world.people
    effect = columns(table("chronic"), "readmission", "severity")
    has = people.has(day)
    linear = USUAL_STAY + FRAILTY_WORKS * people.frailty + has @ effect["readmission"]
    linear += BURDEN_WORKS * (has @ effect["severity"] - 0.35) + 0.005 * (age_at(people, day) - 60)
    chance = 1 / (1 + np.exp(-linear - readmission_intercept(world.arguments.readmission_rate)))
    return np.minimum(chance, 0.6)
