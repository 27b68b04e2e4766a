"""Devices and infections in true stays: CLABSI, CAUTI, MRSA, CDI and surgical site infections."""

import numpy as np
import pandas as pd

from datagenerator.catalogue import table
from datagenerator.clinical.clock import DAY
from datagenerator.clinical.draws import by_month
from datagenerator.clinical.state import World

STREAM = 10
# Chance per day at risk (device days, patient days) or per operation; of the order of NHSN national figures.
HAZARDS = {"CLABSI": 0.0007, "CAUTI": 0.0008, "MRSA": 0.00005, "CDI": 0.0006, "SSI": 0.026}
PRESENT = {"MRSA": 0.0008, "CDI": 0.0025}
FIRST_HOSPITAL_DAY = 3  # midnights before an infection counts as the hospital's
CENTRAL_LINE = {"icu": 0.62, "surgical": 0.10, "medical": 0.06}
CATHETER = {"icu": 0.68, "surgical": 0.55, "medical": 0.14, "maternity": 0.30}


def devices(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Add is_surgical, central_line_days and catheter_days to the stays; devices lie from day one."""
    key = (world.arguments.seed, world.block.index, STREAM, world.people.first_period)
    draws = by_month(key, stays["month"].to_numpy(), 4)
    los, unit = stays["los"].to_numpy(), stays["unit"]
    lined = draws[:, 0] < unit.map(CENTRAL_LINE).fillna(0.0).to_numpy()
    catheter = draws[:, 1] < unit.map(CATHETER).fillna(0.0).to_numpy()
    share = 0.4 + 0.6 * draws[:, 2]
    short = np.where(unit == "icu", los, np.minimum(los, 1 + (draws[:, 3] * 3).astype(int)))
    return stays.assign(
        is_surgical=table("admissions")["surgical"].to_numpy()[stays["reason"]] == 1,
        central_line_days=np.where(lined, np.ceil(los * share), 0).astype(int),
        catheter_days=np.where(catheter, np.ceil(short * share), 0).astype(int),
    )


def infections(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Return infections: stay_id, patient, infection_type, onset (second), present_on_admission."""
    key = (world.arguments.seed, world.block.index, STREAM, world.people.first_period, 1)
    draws = by_month(key, stays["month"].to_numpy(), 3 * len(HAZARDS))
    los = stays["los"].to_numpy()
    exposed = {
        "CLABSI": stays["central_line_days"].to_numpy(),
        "CAUTI": stays["catheter_days"].to_numpy(),
        "SSI": stays["is_surgical"].to_numpy().astype(int),
    }
    logs = []
    for number, (kind, hazard) in enumerate(HAZARDS.items()):
        chance, when, brought = draws[:, 3 * number], draws[:, 3 * number + 1], draws[:, 3 * number + 2]
        sicker = np.exp(0.4 * stays["severity"].to_numpy())
        acquired = (chance < 1 - np.exp(-hazard * sicker * exposed.get(kind, los))) & (
            los > FIRST_HOSPITAL_DAY
        )
        present = ~acquired & (brought < PRESENT.get(kind, 0.0))
        day = np.where(present, 0, FIRST_HOSPITAL_DAY + (when * (los - FIRST_HOSPITAL_DAY)).astype(np.int64))
        happened = acquired | present
        log = stays.loc[happened, ["stay_id", "patient", "month", "admitted", "discharged"]].assign(
            infection_type=kind
        )
        log["onset"] = np.maximum((log["admitted"] // DAY + day[happened]) * DAY, log["admitted"])
        logs.append(log.assign(present_on_admission=present[happened]))
    frame = pd.concat(logs, ignore_index=True)
    return frame.sort_values(["stay_id", "infection_type"], ignore_index=True)


def on_rows(world: World, infections_: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Return the infections known by the last delivery, each on the row of its stay that covers the onset."""
    of_stays = rows[rows["stay_id"].notna()][
        ["stay_id", "digits", "facility", "unit", "admitted", "discharged"]
    ]
    pairs = infections_.merge(of_stays, on="stay_id", suffixes=("_stay", ""))
    covers = (pairs["admitted"] <= pairs["onset"]) & (pairs["onset"] <= pairs["discharged"])
    found = pairs[covers].drop_duplicates(["stay_id", "infection_type"]).reset_index(drop=True)
    known = world.clock.period_of(found["onset"].to_numpy())
    found = found.assign(period=known)[known < len(world.clock.ends)].reset_index(drop=True)
    nth = found.groupby("digits").cumcount() + 1
    return found.assign(infection_id="I" + found["digits"] + nth.astype(str))
