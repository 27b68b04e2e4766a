"""Patient days, device days, operations and infections of a block: integer sums by facility, unit and month.

Sums carry the delivery period in which each event was known (`_known`), so a report of any period is the sum
up to it, and blocks add up in any order.
"""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.periods import known_in

COUNTS = [
    "patient_days",
    "central_line_days",
    "urinary_catheter_days",
    "surgical_procedures",
    "clabsi_events",
    "cauti_events",
    "mrsa_events",
    "cdi_events",
    "ssi_events",
]
KEYS = ["facility_id", "unit", "month", "_known"]
# Columns of the true stays that say for how many of its first days a device was in place.
DEVICES = {"central_line_days": "central_line_days", "urinary_catheter_days": "catheter_days"}
KINDS = ("clabsi", "cauti", "mrsa", "cdi", "ssi")


def days_in(stays: pd.DataFrame, last: pd.Timestamp) -> pd.DataFrame:
    """Return one row per stay and day: the day of admission counts, that of discharge only if the same."""
    first = stays["admitted_at"].dt.normalize()
    end = stays["discharged_at"].dt.normalize().fillna(last.normalize() + pd.Timedelta(days=1))
    nights = (end - first).dt.days.clip(lower=1).to_numpy()
    rows = stays.loc[stays.index.repeat(nights)].reset_index(drop=True)
    number = np.concatenate([np.arange(n) for n in nights]) if len(nights) else np.zeros(0)
    rows["_day"] = number
    rows["day"] = first.repeat(nights).to_numpy() + pd.to_timedelta(number, unit="D").to_numpy()
    return rows[rows["day"] <= last]


def census(care: Care, arguments: Arguments, deliveries: int, last: pd.Timestamp) -> pd.DataFrame:
    """Return the block's sums, indexed by facility, unit, month (first day) and period."""
    infections = _hospital_onset(care, last)
    days = days_in(care.stays, last)
    days["month"] = _month(days["day"])
    days["_known"] = known_in(days["day"], arguments, deliveries)
    days["patient_days"] = 1
    for column, length in DEVICES.items():
        days[column] = (days["_day"] < days[length]).astype(int)
    infections["_known"] = known_in(infections["onset_date"], arguments, deliveries)
    for kind in KINDS:
        infections[f"{kind}_events"] = (infections["infection_type"] == kind).astype(int)
    parts = [days, _operations(care, arguments, deliveries), infections]
    sums = [part.reindex(columns=[*KEYS, *COUNTS], fill_value=0) for part in parts]
    return pd.concat(sums).groupby(KEYS)[COUNTS].sum().astype("int64")


def _month(days: pd.Series) -> pd.Series:
    return days.dt.to_period("M").dt.start_time.astype("datetime64[s]")


def _hospital_onset(care: Care, last: pd.Timestamp) -> pd.DataFrame:
    """Return infections that are not present on admission, with their month."""
    rows = care.infections[~care.infections["present_on_admission"].astype(bool)].copy()
    rows["infection_type"] = rows["infection_type"].str.lower()
    rows["month"] = _month(rows["onset_date"])
    return rows[rows["onset_date"] <= last]


def _operations(care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the stays with an operation under surveillance, on the day of admission."""
    surgical = care.stays[care.stays["is_surgical"].astype(bool)]
    rows = surgical[["facility_id", "unit", "admitted_at"]].assign(surgical_procedures=1)
    rows["month"] = _month(rows["admitted_at"])
    return rows.assign(_known=known_in(rows["admitted_at"], arguments, deliveries))
