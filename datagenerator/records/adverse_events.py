"""Adverse events of hospital stays as the reporting system holds them: reported, reviewed, closed."""

from functools import lru_cache

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.capacity import UNITS
from datagenerator.care import Care
from datagenerator.catalogue import table
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.draws import Floats, Hashes, exponential, hashes, lognormal, pick, uniform
from datagenerator.records.images import told, unfilled
from datagenerator.world import figures

HARMS = ("none", "mild", "moderate", "severe")
DEATH_OF_SEVERE = 0.3  # of severe harm in stays that ended in death
AGE_CENTRE = 60.0
# No risk is larger than so many times the usual one.
LARGEST_RISK = 12.0
# Some facilities are safer than others.
FACILITY_SIGMA = 0.25
PER_DAYS, PER_OPERATIONS = 1_000, 100_000
NOTICED_AFTER_HOURS, NOTICED_WITHIN_HOURS = 9.0, 240.0
REVIEWED_DAYS, CLOSED_DAYS = (2, 8.0), (7, 21.0)
COLUMNS = (
    "adverse_event_id patient_id encounter_id facility_id unit event_type severity occurred_at reported_at"
    " is_preventable status updated_at _known"
)


def adverse_events(care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the images of the block's adverse events: open as reported, then reviewed, then closed.

    At most one event of a kind in a stay. Its chance grows with the days of the stay, and with age, frailty
    and severity by the catalogue's terms; `[adverse_events]` gives the rates.
    """
    rows = happened(care, arguments)
    undecided = unfilled(rows, ["is_preventable"]).assign(status="open", updated_at=rows["reported_at"])
    reviewed = rows.assign(status="reviewed", updated_at=rows["_reviewed_at"])
    closed = rows.assign(status="closed", updated_at=rows["_closed_at"])
    images = told([undecided, reviewed, closed], "adverse_event_id", arguments, deliveries)
    return images[COLUMNS.split()]


def happened(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the block's events in full, one row each, by id."""
    stays = _at_risk(care)
    kinds = table("adverse_events")["event_type"]
    rows = pd.concat([_of_kind(stays, kind, arguments) for kind in kinds], ignore_index=True)
    rows = _described(_in_encounters(rows, care), arguments)
    return rows.sort_values("adverse_event_id", ignore_index=True)


@lru_cache
def _terms() -> pd.DataFrame:
    return table("adverse_events").set_index("event_type")


def _at_risk(care: Care) -> pd.DataFrame:
    """Return the true stays with the patient's frailty, age and the days they lasted."""
    frailty = care.people.set_index("patient_id")["frailty"]
    stays = care.stays.reset_index(drop=True)
    admitted, discharged = stays["admitted_at"], stays["discharged_at"]
    nights = (discharged.dt.normalize() - admitted.dt.normalize()).dt.days
    return stays.assign(
        _days=nights.clip(lower=1),
        _seconds=(discharged - admitted).dt.total_seconds(),
        _age=(admitted - stays["birth_date"]).dt.days / DAYS_PER_YEAR,
        _frailty=stays["patient_id"].map(frailty),
    )


def risk(stays: pd.DataFrame, kind: str) -> Floats:
    """Return how many times the usual risk of a kind of event each stay bears.

    The catalogue's `usual` is the mean over the patient days of a usual population.
    """
    term = _terms().loc[kind]
    unit = term[list(UNITS)].astype(float)
    tilt = (
        term["age"] * (stays["_age"].to_numpy(float) - AGE_CENTRE) / 10
        + term["frailty"] * stays["_frailty"].to_numpy(float)
        + term["severity_of_illness"] * stays["severity"].to_numpy(float)
    )
    return stays["unit"].map(unit).to_numpy(float) * np.minimum(np.exp(tilt), LARGEST_RISK) / term["usual"]


def _of_kind(stays: pd.DataFrame, kind: str, arguments: Arguments) -> pd.DataFrame:
    """Return the stays in which an event of a kind happened, and when."""
    term, usual = _terms().loc[kind], figures(arguments.world, "adverse_events")
    base, seed = hashes(stays["stay_id"].astype(str)), arguments.seed
    exposed, per = ("is_surgical", PER_OPERATIONS) if term["operated"] else ("_days", PER_DAYS)
    unsafe = lognormal(hashes(stays["facility_id"]), seed, "safety of the facility", FACILITY_SIGMA)
    expected = usual[kind] / per * stays[exposed].to_numpy(float) * risk(stays, kind) * unsafe
    occurs = uniform(base, seed, f"{kind} happens") < 1 - np.exp(-expected)
    rows = stays[occurs].assign(event_type=kind)
    # What grows over a stay, such as pressure injuries, comes late in it.
    share = uniform(base[occurs], seed, f"{kind} when") ** (1 / term["growth"])
    after = np.floor(share * (rows["_seconds"] - 60).clip(lower=0))
    return rows.assign(occurred_at=rows["admitted_at"] + pd.to_timedelta(after // 60 * 60, unit="s"))


def _in_encounters(rows: pd.DataFrame, care: Care) -> pd.DataFrame:
    """Give each event the encounter of its stay in which it happened: of several, the first by number."""
    listed = care.encounters[care.encounters["_stay"].notna()]
    listed = listed.sort_values(["encounter_id", "_known"]).drop_duplicates("encounter_id", keep="last")
    known = listed[["encounter_id", "_stay", "admitted_at", "discharged_at"]]
    known = known.astype({"_stay": np.int64}).rename(columns={"_stay": "stay_id", "discharged_at": "_until"})
    rows = rows.assign(_event=np.arange(len(rows))).drop(columns="admitted_at")
    found = rows.merge(known, on="stay_id", how="inner")
    inside = (found["admitted_at"] <= found["occurred_at"]) & ~(found["_until"] < found["occurred_at"])
    found = found[inside].sort_values(["_event", "encounter_id"], kind="stable")
    return found.drop_duplicates("_event").reset_index(drop=True)


def _described(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Add id, harm, whether it could have been prevented, and when it was reported, reviewed and closed."""
    kinds = list(_terms().index)
    number = rows["event_type"].map({kind: place for place, kind in enumerate(kinds)}).astype(int)
    rows = rows.assign(
        adverse_event_id="A" + rows["stay_id"].astype(str).str.zfill(12) + number.astype(str).str.zfill(2)
    )
    base, seed = hashes(rows["adverse_event_id"]), arguments.seed
    rows["severity"] = _harm(rows, base, seed)
    preventable = rows["event_type"].map(_terms()["preventable"]).to_numpy(float)
    decided = uniform(base, seed, "preventable") < preventable
    rows["is_preventable"] = pd.Series(decided, rows.index, dtype="boolean")
    hours = exponential(base, seed, "noticed", NOTICED_AFTER_HOURS).clip(0.1, NOTICED_WITHIN_HOURS)
    rows["reported_at"] = rows["occurred_at"] + pd.to_timedelta(np.floor(hours * 60) * 60, unit="s")
    rows["_reviewed_at"] = _days_after(rows["reported_at"], base, seed, "review", REVIEWED_DAYS)
    rows["_closed_at"] = _days_after(rows["_reviewed_at"], base, seed, "closure", CLOSED_DAYS)
    return rows


def _harm(rows: pd.DataFrame, base: Hashes, seed: int) -> np.ndarray:
    """Return the harm done (AHRQ Common Formats harm scale); who died in the stay may have died of it."""
    harm = np.full(len(rows), "none", dtype=object)
    for kind, of_kind in rows.groupby("event_type").indices.items():
        shares = _terms().loc[kind, list(HARMS)].to_numpy(float)
        harm[of_kind] = np.array(HARMS, dtype=object)[pick(base[of_kind], seed, "harm", shares)]
    fatal = (harm == "severe") & rows["died"].to_numpy(bool)
    return np.where(fatal & (uniform(base, seed, "fatal") < DEATH_OF_SEVERE), "death", harm)


def _days_after(
    moment: pd.Series, base: Hashes, seed: int, purpose: str, days: tuple[int, float]
) -> pd.Series:
    """Return a time of a working day, at least so many days later and on average so many more."""
    least, mean = days
    count = np.floor(least + exponential(base, seed, purpose, mean)).clip(max=120)
    hour = np.floor(uniform(base, seed, f"{purpose} hour") * 32_400) + 8 * 3_600
    return moment.dt.normalize() + pd.to_timedelta(count, unit="D") + pd.to_timedelta(hour, unit="s")
