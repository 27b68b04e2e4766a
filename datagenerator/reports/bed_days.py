"""Midnight census of a block: where each patient day lies among facilities, units and days.

A block gives positions in the flat array facilities x units x days, one for each patient day, so blocks add
up in any order and a block costs no more than its own patient days.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.capacity import UNITS
from datagenerator.care import Care
from datagenerator.clinical.hospitals import hospitals
from datagenerator.periods import period
from datagenerator.reports.census import days_in

INPATIENT = "inpatient"
STAY = ["facility_id", "unit", "admitted_at", "discharged_at"]
Counts = npt.NDArray[np.int64]


def shape(arguments: Arguments, deliveries: int) -> tuple[int, int, int]:
    """Return the numbers of facilities, units and days up to the end of the last delivery."""
    days = (period(arguments, deliveries).last - arguments.start).days + 1
    return len(hospitals(arguments).facility_id), len(UNITS), days


def bed_days(care: Care, arguments: Arguments, deliveries: int) -> Counts:
    """Return the position of every patient day of a block in the flat array of `shape`.

    The day of admission counts, the day of discharge does not, unless it is the same day.
    """
    last = pd.Timestamp(period(arguments, deliveries).data_through)
    stays = pd.concat([care.stays[STAY], _outside_acute_care(care)], ignore_index=True)
    days = days_in(stays, last)
    places = (
        pd.Index(hospitals(arguments).facility_id).get_indexer(days["facility_id"]),
        pd.Index(UNITS).get_indexer(days["unit"]),
        (days["day"] - pd.Timestamp(arguments.start)).dt.days.to_numpy(),
    )
    return np.ravel_multi_index(places, shape(arguments, deliveries)).astype(np.int64)


def added(total: Counts, positions: Counts) -> Counts:
    """Add a block's patient days to the sums of other blocks."""
    return total + np.bincount(positions, minlength=len(total))


def _outside_acute_care(care: Care) -> pd.DataFrame:
    """Return the stays in rehabilitation and psychiatric hospitals, which are one encounter each."""
    rows = care.encounters
    rows = rows[(rows["encounter_type"] == INPATIENT) & rows["_stay"].isna()]
    return rows.sort_values("_known", kind="stable").drop_duplicates("encounter_id", keep="last")[STAY]
