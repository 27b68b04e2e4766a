"""What patients have by nature, for records that follow from it: when a condition begins, how it is coded."""

import numpy as np
import pandas as pd

from datagenerator.catalogue import table
from datagenerator.clinical.clock import as_days
from datagenerator.clinical.state import World


def conditions(world: World, chronic: np.ndarray, death: np.ndarray) -> pd.DataFrame:
    """Return one row per patient of the cohort, in its order; days are true, not those of recording.

    `born_on`, `died_on` and `registered_on`, and per chronic condition `onset_NAME` (no value where it never
    begins) and `code_NAME`, the diagnosis it is always coded with.
    """
    people = world.people
    columns: dict[str, np.ndarray] = {
        "born_on": as_days(people.birth),
        "died_on": as_days(death),
        "registered_on": as_days(people.joined),
    }
    for place, name in enumerate(table("chronic")["condition"]):
        columns[f"onset_{name}"] = as_days(people.onset[:, place])
        columns[f"code_{name}"] = chronic[:, place]
    return pd.DataFrame(columns)
