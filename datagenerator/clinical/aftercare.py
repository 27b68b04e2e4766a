"""Inpatient care outside acute hospitals: rehabilitation and psychiatric facilities. No acute stays."""

import numpy as np
import pandas as pd

from datagenerator.catalogue import table
from datagenerator.clinical.admissions import principal
from datagenerator.clinical.clock import DAY, HOUR
from datagenerator.clinical.draws import by_month
from datagenerator.clinical.state import World

STREAM = 15
ADMITTED_SHARE = 0.8
DAYS = (6, 20)  # all of it lies within the thirty quiet days after the acute stay


def aftercare(world: World, stays: pd.DataFrame, death: np.ndarray) -> pd.DataFrame:
    """Return encounter rows in rehabilitation and psychiatric facilities after acute stays."""
    key = (world.arguments.seed, world.block.index, STREAM, world.people.first_period)
    draws = by_month(key, stays["month"].to_numpy(), 4)
    sent = stays["disposition"].isin(["62", "65"]) & stays["quiet"] & (draws[:, 0] < ADMITTED_SHARE)
    rows = stays[sent].reset_index(drop=True)
    draws = draws[sent.to_numpy()]
    state = world.hospitals.state[rows["facility"]]
    psychiatric = (rows["disposition"] == "65").to_numpy()
    rehabilitation = world.hospitals.rehabilitation.draw(state, draws[:, 1])
    rows["facility"] = np.where(
        psychiatric, world.hospitals.psychiatric.draw(state, draws[:, 1]), rehabilitation
    )
    admitted = rows["discharged"] + HOUR + (draws[:, 2] * 3 * HOUR).astype(np.int64) // 60 * 60
    days = DAYS[0] + (draws[:, 3] * (DAYS[1] - DAYS[0])).astype(np.int64)
    leaving = (admitted // DAY + days) * DAY + 11 * HOUR
    last = death[rows["patient"]] * DAY + 12 * HOUR
    died = (death[rows["patient"]] < leaving // DAY) & (last > admitted)
    rows["admitted"], rows["discharged"] = admitted, np.where(died, last, leaving)
    rows["disposition"], rows["bill_frequency"] = np.where(died, "20", "01"), "1"
    rows["admit_type"], rows["admit_source"], rows["kind"] = "3", "4", 0
    rows["unit"] = np.where(psychiatric, "psychiatric", "medical")
    names = table("admissions")["reason"].to_list()
    care = names.index("rehabilitation_care")
    code = int(np.flatnonzero(principal().rows["name"] == "rehabilitation_care")[0])
    rows["reason"] = np.where(psychiatric, rows["reason"], care)
    rows["code"] = np.where(psychiatric, rows["code"], code)
    inherited = "patient month facility reason code admit_type admit_source unit severity age"
    kept = f"{inherited} admitted discharged disposition bill_frequency kind"
    outside = ~world.hospitals.is_acute[rows["facility"]]
    return rows.loc[outside, kept.split()].reset_index(drop=True)
