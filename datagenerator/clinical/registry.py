"""The disease registry: entries that follow from what encounters coded."""

import numpy as np
import pandas as pd

from datagenerator.blocks import stream
from datagenerator.catalogue import table
from datagenerator.clinical.clock import DAY, HOUR, NEVER, as_days, as_times
from datagenerator.clinical.state import World

STREAM = 14
REPORTED_SHARE = 0.97


def registry(world: World, diagnoses: pd.DataFrame, chronic: np.ndarray, death: np.ndarray) -> pd.DataFrame:
    """Return the registry landing rows with `_known`.

    A condition is registered days after an encounter first coded it, and closed after the patient's death.
    """
    first = _first_coded(world, diagnoses, chronic)
    draws = stream(world.arguments.seed, world.block.index, STREAM, world.people.first_period).random(
        (world.people.size, len(table("chronic")), 3)
    )[first["patient"], first["condition"]]
    first["registered"] = first["coded"] // DAY + 1 + (draws[:, 0] * 14).astype(np.int64)
    frailty = world.people.frailty[first["patient"]]
    first["severity"] = np.clip(np.rint(2.0 + 0.6 * frailty + 1.4 * (draws[:, 1] - 0.5)), 1, 4).astype(int)
    kept = (draws[:, 2] < REPORTED_SHARE) & (first["registered"] <= death[first["patient"]])
    rows = first[kept.to_numpy()].reset_index(drop=True)
    entered = rows.assign(status="active", written=rows["registered"] * DAY + 12 * HOUR)
    dead = death[rows["patient"]]
    closed = rows.assign(status="deceased", written=(dead + 14) * DAY + 12 * HOUR)[dead < NEVER]
    return _landing(world, pd.concat([entered, closed], ignore_index=True))


def _first_coded(world: World, diagnoses: pd.DataFrame, chronic: np.ndarray) -> pd.DataFrame:
    """Return patient, condition and time at which an encounter first told of a registered condition."""
    followed = np.flatnonzero(table("chronic")["registry"] != "")
    grid = pd.DataFrame({"condition": np.tile(followed, world.people.size)})
    grid["patient"] = np.repeat(np.arange(world.people.size), len(followed))
    grid["diagnosis_code"] = chronic[grid["patient"], grid["condition"]]
    position = {f"P{number:08d}": place for place, number in enumerate(world.people.number)}
    coded = diagnoses.assign(patient=diagnoses["patient_id"].map(position))
    coded = coded.assign(coded=coded["updated_at"].to_numpy().astype("datetime64[s]").astype(np.int64))
    found = coded.merge(grid, on=["patient", "diagnosis_code"])
    return found.groupby(["patient", "condition"], as_index=False).agg(
        coded=("coded", "min"), diagnosis_code=("diagnosis_code", "first")
    )


def _landing(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    conditions = table("chronic")["registry"].to_numpy()
    rows = rows.assign(_known=world.clock.period_of(rows["written"].to_numpy()))
    rows = rows[rows["_known"] < len(world.clock.ends)].reset_index(drop=True)
    numbers = world.people.number[rows["patient"]]
    frame = pd.DataFrame(
        {
            "registry_id": [f"G{n:08d}{c:02d}" for n, c in zip(numbers, rows["condition"], strict=True)],
            "patient_id": [f"P{number:08d}" for number in numbers],
            "condition": conditions[rows["condition"]],
            "diagnosis_code": rows["diagnosis_code"],
            "registered_on": as_days(rows["registered"].to_numpy()),
            "severity": rows["severity"],
            "status": rows["status"],
            "updated_at": as_times(rows["written"].to_numpy()),
            "_known": rows["_known"],
        }
    )
    return frame.drop_duplicates(["registry_id", "_known"], keep="last", ignore_index=True)
