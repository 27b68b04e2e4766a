"""Observations as hospitals and laboratories send them: vital signs and laboratory values."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.catalogue import table
from datagenerator.draws import Floats, hashes, uniform
from datagenerator.periods import known_in
from datagenerator.records.occasions import occasions
from datagenerator.records.values import codes, values
from datagenerator.world import figures

OCCASIONS = ("admission", "discharge", "emergency", "visit")
MINUTE = 60
# Minutes after arrival or admission (at discharge: before the end), and from there until the result is
# written, at least and at most.
TAKEN = {
    ("admission", "vital"): (3, 25),
    ("admission", "laboratory"): (15, 80),
    ("discharge", "vital"): (30, 210),
    ("discharge", "laboratory"): (120, 420),
    ("emergency", "vital"): (2, 12),
    ("visit", "vital"): (2, 6),
    ("visit", "laboratory"): (7, 13),
}
TOLD = {"vital": (1, 10), "laboratory": (25, 120)}
CHILDREN_SHARE = 0.4
COLUMNS = [
    *("observation_id", "encounter_id", "patient_id", "observation_code", "code_system", "category"),
    *("value", "unit", "observed_at", "abnormal_flag", "updated_at", "_known", "_begin"),
]


def observations(care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return all observations up to a delivery, with `_known` and `_begin`, when the encounter began.

    `_begin` is empty for who came through an emergency department. Each observation is told when its result
    is there; those of a stay's end not before the source tells of the end.
    """
    found = occasions(care)
    parts = [
        _measured(found[found["occasion"] == occasion].reset_index(drop=True), occasion, arguments)
        for occasion in OCCASIONS
    ]
    rows = pd.concat(parts, ignore_index=True)
    rows["_known"] = np.maximum(known_in(rows["updated_at"], arguments, deliveries), rows["known"])
    rows = rows[rows["_known"] <= deliveries].sort_values("observation_id", kind="stable")
    return rows[COLUMNS].reset_index(drop=True)


def _measured(rows: pd.DataFrame, occasion: str, arguments: Arguments) -> pd.DataFrame:
    """Return the observations of one kind of occasion, one a row."""
    known = codes()
    named = zip(known["short_name"], known["category"], strict=True)
    taken = np.column_stack([_taken(rows, occasion, name, kind, arguments) for name, kind in named])
    found = values(rows, occasion, arguments.world, arguments.seed)[known["short_name"]].to_numpy()
    row, code = np.nonzero(taken)
    rows = rows.assign(_begin=rows["admitted_at"].where(rows["arrived_at"].isna()))
    long = rows[["encounter_id", "patient_id", "_begin", "known", "sex", "is_adult"]].iloc[row]
    long = long.reset_index(drop=True).join(known.iloc[code].reset_index(drop=True))
    long["value"] = found[row, code]
    number = pd.Series(code + 1, long.index).astype(str).str.zfill(2)
    long["observation_id"] = "O" + long["encounter_id"].str[1:] + str(OCCASIONS.index(occasion) + 1) + number
    for name, moments in _moments(rows, occasion, arguments.seed).items():
        long[name] = moments[row, (long["category"] == "laboratory").to_numpy(int)]
    long["abnormal_flag"] = _flag(long)
    return long


def _taken(rows: pd.DataFrame, occasion: str, name: str, category: str, arguments: Arguments) -> np.ndarray:
    """Tell in which rows a value is measured: by occasion, conditions and reason, some always together."""
    use, shares = table("observation_use"), figures(arguments.world, "observations")
    base = hashes(rows["base"])
    at_all = uniform(base, arguments.seed, f"{occasion} {category}") < shares.get(
        f"{occasion}_{category}", 1.0
    )
    young = ~rows["is_adult"].to_numpy(bool) & (category == "laboratory")
    found = np.zeros(len(rows), dtype=bool)
    here = (use["set"] == occasion) & (use["short_name"] == name)
    for line in use[here].itertuples():
        draw = uniform(base, arguments.seed, f"{occasion} {line.together}")
        found |= _concerned(rows, line.cause) & (
            draw < np.where(young, line.share * CHILDREN_SHARE, line.share)
        )
    return found & at_all


def _concerned(rows: pd.DataFrame, cause: str) -> np.ndarray:
    """Tell which rows have a cause to measure: a condition or the reason of the encounter, or none needed."""
    if not cause:
        return np.ones(len(rows), dtype=bool)
    has = rows.get(f"has_{cause}", pd.Series(False, rows.index)).to_numpy(bool)
    return has | (rows["reason"] == cause).to_numpy(bool)


def _moments(rows: pd.DataFrame, occasion: str, seed: int) -> dict[str, np.ndarray]:
    """Return rows x (vital, laboratory): when values were taken, and when their results were written."""
    base = hashes(rows["encounter_id"])
    # Who comes through the emergency department is measured there, before there is a bed.
    first_seen = rows["arrived_at"].fillna(rows["admitted_at"])
    begin, end = _seconds(first_seen), _seconds(rows["discharged_at"])
    taken, told = [], []
    for category, wait in TOLD.items():
        after = _minutes(base, seed, f"{occasion} {category} taken", TAKEN.get((occasion, category), (2, 12)))
        at = end - after if occasion == "discharge" else begin + after
        taken.append(np.clip(at, begin, end))
        told.append(taken[-1] + _minutes(base, seed, f"{occasion} {category} told", wait))
    moments = {"observed_at": taken, "updated_at": told}
    return {name: np.column_stack(found).astype("datetime64[s]") for name, found in moments.items()}


def _minutes(base: np.ndarray, seed: int, purpose: str, limits: tuple[int, int]) -> np.ndarray:
    """Return whole minutes between the limits, in seconds."""
    low, high = limits
    share: Floats = uniform(base, seed, purpose)
    return (low + share * (high - low)).astype(np.int64) * MINUTE


def _seconds(times: pd.Series) -> np.ndarray:
    """Return times as seconds, a time to come as a very late one."""
    never = np.iinfo(np.int64).max // 10**9
    seconds = times.to_numpy(dtype="datetime64[s]").astype(np.int64)
    return np.where(times.isna(), never, seconds)


def _flag(rows: pd.DataFrame) -> pd.Series:
    """Return the laboratory's flag against its usual range for the sex; its ranges are those of adults."""
    female = rows["sex"] == "F"
    low = rows["usual_low_female"].where(female, rows["usual_low_male"])
    high = rows["usual_high_female"].where(female, rows["usual_high_male"])
    flag = pd.Series(np.select([rows["value"] < low, rows["value"] > high], ["L", "H"], "N"), rows.index)
    return flag.where((rows["category"] == "laboratory") & rows["is_adult"], None)
