"""What the next twelve months hold for each patient on average, as of a year before the data end."""

import numpy as np
import pandas as pd

from datagenerator.clinical.clock import as_days
from datagenerator.clinical.nature import TELEHEALTH_OF_VISITS, Rates
from datagenerator.clinical.state import World

MONTHS_AHEAD = 12


def expectations(world: World, rates: list[Rates], death: np.ndarray) -> pd.DataFrame:
    """Return one row per patient: latent nature and the expected encounters of the 12 months from `as_of`."""
    people = world.people
    position = max(len(rates) - MONTHS_AHEAD, 0)
    as_of = int(world.clock.month_days[world.first_month + position])
    there = (death >= as_of) & (people.joined < as_of)
    now = rates[position]
    frame = pd.DataFrame({"patient_id": [f"P{number:08d}" for number in people.number]})
    frame["frailty"], frame["is_high_cost"] = people.frailty, people.is_high_cost
    frame["cost_factor"], frame["first_period"] = people.cost_factor, people.first_period
    frame["as_of"] = as_days(np.full(people.size, as_of))
    expected = {
        "rate_inpatient": now.inpatient,
        "rate_emergency": now.emergency,
        "rate_observation": now.observation,
        "rate_outpatient": now.visits * (1 - TELEHEALTH_OF_VISITS),
        "rate_telehealth": now.visits * TELEHEALTH_OF_VISITS,
    }
    for name, monthly in expected.items():
        frame[name] = np.where(there, monthly * MONTHS_AHEAD, np.nan)
    return frame
