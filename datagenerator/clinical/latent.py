"""What is so of each patient and no file tells: for records that are derived from the finished event log."""

import numpy as np
import pandas as pd

from datagenerator.catalogue import table
from datagenerator.clinical.clock import as_days
from datagenerator.clinical.state import World

ONSET, CODE = "onset_", "code_"


def latent(world: World, chronic: np.ndarray, death: np.ndarray) -> pd.DataFrame:
    """Return one row per patient: birth, sex, death, registration, and per condition onset and code.

    A death beyond the last delivery may or may not be there: look only at those up to an event's own time.
    """
    people = world.people
    columns: dict[str, np.ndarray] = {
        "birth_date": as_days(people.birth),
        "sex": np.where(people.female, "F", "M"),
        "death_date": as_days(death),
        "registered_on": as_days(people.joined),
    }
    for number, condition in enumerate(table("chronic")["condition"]):
        columns[ONSET + condition] = as_days(people.onset[:, number])
        columns[CODE + condition] = chronic[:, number]
    return pd.DataFrame(columns)
