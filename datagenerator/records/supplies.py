"""Supplies of a therapy in time: refills as adherent as the patient is, none in hospital or after death."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.draws import Floats, exponential, hashes, normal, uniform
from datagenerator.periods import period
from datagenerator.records.latest import latest
from datagenerator.world import figures

EARLY_SHARE, EARLY_DAYS = 0.25, 3
"""Share of refills fetched before the last supply has run out, and by how many days at most."""
ADHERENCE_SLOPE = 1.2
PRESCRIPTION_DAYS = 360


def adherence(people: pd.DataFrame, arguments: Arguments) -> pd.Series:
    """Return the share of days each patient's supplies cover, by `patient_id`.

    A logistic between the world's limits of a normal trait that is the patient's own and leans on frailty, so
    that those who come back to hospital more often are less adherent; the one does not cause the other.
    """
    known = figures(arguments.world, "medications")
    lowest, highest = known["adherence"]
    own = normal(hashes(people["patient_id"]), arguments.seed, "adherence")
    trait = own + known["frailty_on_adherence"] * people["frailty"].to_numpy()
    share = lowest + (highest - lowest) / (1 + np.exp(-0.5 - ADHERENCE_SLOPE * trait))
    return pd.Series(share, index=people["patient_id"].to_numpy())


def supplies(therapies: pd.DataFrame, care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return one row per supply: the therapy's columns, `_nth` from 0, `started_on` and `_renewed`.

    `_renewed` numbers the prescriptions of a therapy, each good for a year; `_due` is the day of a
    prescription's first supply.
    """
    rows = _in_turn(therapies, care, arguments, deliveries)
    per_year = np.maximum(PRESCRIPTION_DAYS // rows["days"], 1)
    rows["_renewed"], rows["fill_number"] = rows["_nth"] // per_year, rows["_nth"] % per_year
    rows["_due"] = rows.groupby(["therapy", "_renewed"])["started_on"].transform("min")
    rows["started_on"] = _after_stays(rows, care.stays)
    rows = rows.drop_duplicates(["therapy", "started_on"])
    died = rows["patient_id"].map(care.people.set_index("patient_id")["death_date"])
    last = pd.Timestamp(period(arguments, deliveries).last)
    kept = (died.isna() | (rows["started_on"] < died)) & (rows["started_on"] <= last)
    return rows[kept].reset_index(drop=True)


def _in_turn(therapies: pd.DataFrame, care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the supplies that would be fetched up to the last day, each a gap after the one before."""
    last = pd.Timestamp(period(arguments, deliveries).last)
    room = (last - therapies["start"]).dt.days // (therapies["days"] - EARLY_DAYS).clip(lower=1) + 1
    count = room.where(therapies["fills"] == 0, np.minimum(room, therapies["fills"])).clip(lower=0)
    rows = therapies.loc[therapies.index.repeat(count)].reset_index(drop=True)
    rows["_nth"] = rows.groupby("therapy", sort=False).cumcount()
    base = hashes(rows["therapy"]) ^ (rows["_nth"].to_numpy(np.uint64) << np.uint64(40))
    covered = rows["patient_id"].map(adherence(care.people, arguments)).to_numpy()
    interval = rows["days"] + _gap(base, rows["days"].to_numpy(), covered, arguments.seed)
    passed = interval.groupby(rows["therapy"], sort=False).cumsum() - interval
    rows["started_on"] = (rows["start"] + pd.to_timedelta(passed, unit="D")).astype("datetime64[s]")
    given_up = figures(arguments.world, "medications")["discontinued_per_fill"]
    stops = pd.Series(uniform(base, arguments.seed, "given up") < given_up)
    stopped = stops.groupby(rows["therapy"], sort=False).cumsum() - stops
    return rows[(stopped == 0) & (rows["started_on"] <= last)].reset_index(drop=True)


def _gap(base: np.ndarray, days: np.ndarray, covered: Floats, seed: int) -> np.ndarray:
    """Return the days between the end of a supply and the next; by their mean a share of days is covered."""
    early = uniform(base, seed, "early refill") < EARLY_SHARE
    ahead = np.floor(EARLY_DAYS * uniform(base, seed, "days early"))
    mean = days * (1 / covered - 1) / (1 - EARLY_SHARE)
    return np.where(early, -ahead, np.floor(exponential(base, seed, "refill gap", 1.0) * mean)).astype(int)


def _after_stays(rows: pd.DataFrame, stays: pd.DataFrame) -> pd.Series:
    """Return the days of supply, those within a stay moved to its end: in hospital the hospital supplies."""
    found = latest(rows, "started_on", _in_hospital(stays), "_first")
    return rows["started_on"].where(~(rows["started_on"] < found["_last"]), found["_last"])


def _in_hospital(stays: pd.DataFrame) -> pd.DataFrame:
    """Return the spans of days in hospital, `_first` to `_last`; stays that meet on a day are one."""
    spans = stays[["patient_id"]].assign(
        _first=stays["admitted_at"].dt.normalize(), _last=stays["discharged_at"].dt.normalize()
    )
    spans = spans.dropna().sort_values(["patient_id", "_first", "_last"], kind="stable")
    until = spans.groupby("patient_id")["_last"].cummax().groupby(spans["patient_id"]).shift()
    number = (until.isna() | (spans["_first"] > until)).cumsum().rename("_span")
    merged = spans.groupby(["patient_id", number]).agg(_first=("_first", "min"), _last=("_last", "max"))
    return merged.reset_index("patient_id")
