"""Who takes which drug from when: maintenance of chronic conditions, and what is ordered in an encounter."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.catalogue import reference, table
from datagenerator.draws import exponential, hashes, uniform
from datagenerator.records.encounters import finished
from datagenerator.world import figures

CHRONIC, DISCHARGE, EMERGENCY, VISIT, STAY = "chronic", "discharge", "emergency", "visit", "stay"
HOME = ("01", "06", "07")
"""Dispositions after which a patient fills prescriptions: home, home with care, on own account."""
USE_OF_TYPE = {
    "emergency": EMERGENCY,
    "observation": EMERGENCY,
    "outpatient": VISIT,
    "telehealth": VISIT,
}
NEXT_DAY_SHARE = 0.3
DRUG = ["drug_code", "units_per_day", "days", "fills"]
COLUMNS = ["therapy", "patient_id", "encounter_id", "provider_id", "ordered_at", "start", *DRUG]


@lru_cache
def uses(use: str) -> pd.DataFrame:
    """Return the lines of the catalogue's table of drug use for one occasion, with the drug's class."""
    lines = table("drug_use").reset_index(names="number")
    classes = reference("drug_codes").set_index("drug_code")["drug_class"]
    return lines[lines["use"] == use].assign(drug_class=lambda f: f["drug_code"].map(classes))


def drawn(persons: pd.DataFrame, use: str, seed: int) -> pd.DataFrame:
    """Return which drugs are chosen: `row` (place among `persons`) with the columns of the line of use.

    `persons` have `_id`, `_name`, `diagnosis_code` and `_age`. Lines of one name, diagnosis (a prefix of the
    code) and number are alternatives: one of them, or none; nor is one chosen for the too young.
    """
    base, names, ages = hashes(persons["_id"]), persons["_name"], persons["_age"].to_numpy(float)
    codes = persons["diagnosis_code"].fillna("").astype(str)
    found = []
    for (name, diagnosis, line), some in uses(use).groupby(["name", "diagnosis", "line"], sort=False):
        named = np.flatnonzero(names == name)
        row = named[codes.iloc[named].str.startswith(diagnosis)]
        upto = np.cumsum(some["probability"].to_numpy(float))
        draw = uniform(base[row], seed, f"{use} {name} {diagnosis} {line}")
        nth = np.searchsorted(upto, draw, side="right")
        row, nth = row[nth < len(upto)], nth[nth < len(upto)]
        chosen = some.iloc[nth].reset_index(drop=True).assign(row=row)
        found.append(chosen[ages[row] >= chosen["least_age"]])
    return pd.concat(found, ignore_index=True)


def therapies(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the therapies that pharmacies supply: patient, drug, first day, and the order behind it.

    `fills` is the number of supplies, 0 for as long as the patient lives; `encounter_id` is empty where no
    encounter of the extract began the therapy.
    """
    share = figures(arguments.world, "medications")["reporting_share"]
    chronic, ordered = _maintenance(care, arguments), _ordered(care, arguments)
    both = pd.concat([chronic, ordered], ignore_index=True)
    reports = uniform(hashes(both["patient_id"]), arguments.seed, "reporting pharmacy") < share
    both = both[reports].sort_values(["patient_id", "start", "therapy"], kind="stable")
    return both.loc[~_doubled(both), COLUMNS].reset_index(drop=True)


def _doubled(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which therapies add a drug of a class the patient is on already; `rows` are in order of time."""
    goes_on = rows["fills"] == 0
    again = pd.Series(False, rows.index)
    for some in (rows[goes_on], rows[rows["fills"] > 1]):
        again[some.index] = some.duplicated(["patient_id", "drug_class"])
    since = rows["start"].where(goes_on).groupby([rows["patient_id"], rows["drug_class"]]).transform("min")
    return again | (~goes_on & (rows["start"] >= since))


def _maintenance(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the therapies of chronic conditions.

    Those that had begun before the patient's records are in the middle of a supply when these begin.
    """
    seed, known = arguments.seed, figures(arguments.world, "medications")
    parts = []
    for name in uses(CHRONIC)["name"].unique():
        sick = care.people[care.people[f"onset_{name}"].notna()].reset_index(drop=True)
        persons = sick[["patient_id"]].assign(_name=name, diagnosis_code=sick[f"code_{name}"], _age=np.inf)
        chosen = drawn(persons.assign(_id=sick["patient_id"] + f"L{name}"), CHRONIC, seed)
        facts = sick.loc[chosen["row"], ["patient_id", f"onset_{name}", "registered_on"]]
        facts = facts.rename(columns={f"onset_{name}": "onset"}).reset_index(drop=True)
        parts.append(chosen.join(facts))
    rows = pd.concat(parts, ignore_index=True)
    rows["therapy"] = rows["patient_id"].str[1:] + "L" + rows["number"].astype(str).str.zfill(3)
    base = hashes(rows["therapy"])
    wait = exponential(base, seed, "first supply", known["wait_days"])
    first = np.maximum(rows["registered_on"], pd.Timestamp(arguments.start)) + pd.Timedelta(days=1)
    phase = first + _days(rows["days"].to_numpy() * uniform(base, seed, "phase of supply"))
    start = (rows["onset"] + _days(wait)).astype("datetime64[s]")
    rows["start"] = start.where(start > first, phase)
    return rows


def _ordered(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the therapies that a discharge or a visit begins."""
    ends = encounter_ends(care)
    parts = [_after(ends[ends["_use"] == use], use, arguments) for use in (DISCHARGE, EMERGENCY, VISIT)]
    return pd.concat(parts, ignore_index=True)


def _after(ends: pd.DataFrame, use: str, arguments: Arguments) -> pd.DataFrame:
    ends = ends.reset_index(drop=True)
    chosen = drawn(ends.assign(_id=ends["encounter_id"]), use, arguments.seed)
    facts = ["patient_id", "encounter_id", "provider_id", "discharged_at"]
    rows = chosen.join(ends.loc[chosen["row"], facts].reset_index(drop=True))
    rows["therapy"] = rows["encounter_id"].str[1:] + "C" + rows["number"].astype(str).str.zfill(3)
    later = uniform(hashes(rows["therapy"]), arguments.seed, "supplied next day") < NEXT_DAY_SHARE
    rows["start"] = rows["discharged_at"].dt.normalize() + _days(later)
    return rows.rename(columns={"discharged_at": "ordered_at"})


def encounter_ends(care: Care) -> pd.DataFrame:
    """Return finished encounters with what was treated there.

    `_use` says which lines of use may follow, `_name` is the reason of a stay or the kind of complaint of a
    visit. Of a stay's rows only the one that sends the patient home counts; of others all do.
    """
    rows = finished(care)
    inside = rows["_type"] == "inpatient"
    homes = rows[inside & rows["discharge_disposition"].isin(HOME) & rows["_stay"].notna()]
    homes = homes.sort_values(["_stay", "discharged_at", "encounter_id"], kind="stable")
    last = homes.drop_duplicates("_stay", keep="last").assign(_use=DISCHARGE, _name=lambda f: f["_reason"])
    visits = rows[~inside].assign(_use=lambda f: f["_type"].map(USE_OF_TYPE))
    complaints = table("diagnosis_codes").drop_duplicates(["use", "code"])
    of_use = complaints["use"].replace({"outpatient": VISIT})
    named = dict(zip(of_use + complaints["code"], complaints["name"], strict=True))
    visits["_name"] = (visits["_use"] + visits["diagnosis_code"].fillna("")).map(named)
    return pd.concat([last, visits], ignore_index=True)


def _days(count: npt.ArrayLike) -> pd.Series:
    whole = np.floor(np.asarray(count, dtype=np.float64)).astype("timedelta64[D]")
    return pd.Series(whole.astype("timedelta64[s]"))
