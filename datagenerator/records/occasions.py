"""Occasions on which patients are measured: an admission, a discharge, an emergency, a visit."""

from functools import lru_cache

import numpy as np
import pandas as pd

from datagenerator.care import Care, first_told
from datagenerator.catalogue import table
from datagenerator.clinical.latent import CODE, ONSET
from datagenerator.clinical.population import DAYS_PER_YEAR

INPATIENT, EMERGENCY, OBSERVATION, OUTPATIENT = "inpatient", "emergency", "observation", "outpatient"
STILL_A_PATIENT = "30"
DIED, CUT_SHORT = ("20",), ("02", "05", "07")
ADULT = 18


def occasions(care: Care) -> pd.DataFrame:
    """Return one row per occasion with the encounter and the patient as they then were.

    `occasion` is admission, discharge, emergency or visit; `base` identifies the stay or encounter, so that
    an encounter recorded twice is measured alike; `ending` is well, cut short or died; `known` the delivery
    before which the occasion is not told. A stay cut into several bills is measured at its begin and its end.
    """
    first = first_told(care.encounters, "encounter_id")
    begin = care.encounters.groupby("_stay")["admitted_at"].min()
    stays = first[first["encounter_type"] == INPATIENT]
    opening = stays[stays["_stay"].isna() | (stays["_stay"].map(begin) == stays["admitted_at"])]
    groups = first["admitting_diagnosis_code"].map(_emergency_groups())
    urgent = first.assign(_reason=groups.where(first["encounter_type"] == EMERGENCY, OBSERVATION))
    parts = [
        opening.assign(occasion="admission"),
        _closed(care.encounters).assign(occasion="discharge"),
        urgent[urgent["encounter_type"].isin([EMERGENCY, OBSERVATION])].assign(occasion="emergency"),
        first[first["encounter_type"] == OUTPATIENT].assign(occasion="visit"),
    ]
    rows = pd.concat(parts, ignore_index=True)
    stay = rows["_stay"].fillna(-1).astype(np.int64).astype(str)
    rows["base"] = ("S" + stay).where(rows["_stay"].notna(), rows["encounter_id"])
    rows["ending"] = _ending(rows)
    rows = rows.rename(columns={"_known": "known", "_reason": "reason", "_severity": "severity"})
    columns = (
        "occasion base encounter_id patient_id arrived_at admitted_at discharged_at reason severity ending"
    )
    return _with_patient(rows[[*columns.split(), "known"]], care.people)


@lru_cache
def _emergency_groups() -> dict[str, str]:
    codes = table("diagnosis_codes")
    return dict(codes.loc[codes["use"] == "emergency", ["code", "name"]].to_numpy())


def _closed(encounters: pd.DataFrame) -> pd.DataFrame:
    """Return the inpatient rows with which a stay ends, in the image that tells of it."""
    ended = encounters["discharged_at"].notna() & (encounters["discharge_disposition"] != STILL_A_PATIENT)
    return first_told(encounters[ended & (encounters["encounter_type"] == INPATIENT)], "encounter_id")


def _ending(rows: pd.DataFrame) -> pd.Series:
    disposition = rows["discharge_disposition"]
    ending = np.select([disposition.isin(DIED), disposition.isin(CUT_SHORT)], ["died", "cut_short"], "well")
    return pd.Series(ending, rows.index)


def _with_patient(rows: pd.DataFrame, people: pd.DataFrame) -> pd.DataFrame:
    """Add age, sex, frailty and per condition whether it is there (`has_`) with its code."""
    of = people.set_index("patient_id").reindex(rows["patient_id"]).reset_index(drop=True)
    day = rows["admitted_at"].dt.normalize()
    added = {
        "sex": of["sex"],
        "age": (day - of["birth_date"]).dt.days / DAYS_PER_YEAR,
        "is_adult": completed_years(of["birth_date"], day) >= ADULT,
        "frailty": of["frailty"],
    }
    for condition in table("chronic")["condition"]:
        added[f"has_{condition}"] = of[ONSET + condition] <= day
        added[CODE + condition] = of[CODE + condition]
    return rows.join(pd.DataFrame(added, index=rows.index))


def completed_years(birth: pd.Series, day: pd.Series) -> pd.Series:
    """Return ages in completed years."""
    ahead = (day.dt.month * 100 + day.dt.day) < (birth.dt.month * 100 + birth.dt.day)
    return day.dt.year - birth.dt.year - ahead.astype(int)
