"""Surveys of patients' experience: HCAHPS after hospital stays, the net promoter question after visits."""

from collections.abc import Mapping
from typing import Any

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care, first_told
from datagenerator.clinical.emergency import left_unseen
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.draws import Floats, exponential, hashes, normal, pick, uniform
from datagenerator.records.adverse_events import happened
from datagenerator.records.images import told, unfilled
from datagenerator.records.scales import answer
from datagenerator.world import figures

# Whom HCAHPS does not ask (CMS, Quality Assurance Guidelines): children, those who did not stay overnight,
# who died, went to hospice or a nursing facility or have not left, psychiatric or rehabilitation stays (DRG).
ADULT_YEARS = 18
NOT_ASKED_AFTER = ("03", "04", "20", "30", "50", "51")
NOT_ASKED_DRG = ("876", "880", "881", "882", "883", "884", "885", "886", "887", "894", "895", "896", "897",
                 "945", "946")  # fmt: skip
VISITS = ("outpatient", "telehealth", "emergency")
MODES = ("mail", "phone", "web")
# How much of an answer is the patient's satisfaction; the rest is the question's own.
LOADINGS = {
    "nurse_communication": 0.80,
    "doctor_communication": 0.72,
    "responsiveness": 0.72,
    "medicine_communication": 0.65,
    "discharge_information": 0.45,
    "care_transition": 0.70,
    "cleanliness": 0.55,
    "quietness": 0.45,
    "overall_rating": 0.85,
    "would_recommend": 0.82,
    "nps_score": 0.85,
}
LOWEST = {"discharge_information": 0, "overall_rating": 0, "nps_score": 0}
FACILITY_SD, PERSON_SD = 0.35, 0.88
AGE_CENTRE, SEVERITY_CENTRE = 62.0, 0.3
UNSEEN_EFFECT, LONGEST_WAIT_HOURS = -1.5, 8.0
SENT_AFTER, SENT_WITHIN = {"hcahps": (2, 5.0), "nps": (1, 0.7)}, {"hcahps": 42, "nps": 7}
RETURNED_WITHIN = {"hcahps": 42, "nps": 30}
DAYS_TO_RETURN = {"mail": (5, 13.0), "phone": (1, 8.0), "web": (0, 4.0)}


def surveys(care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the images of the block's surveys: as sent, and again with answers once returned."""
    rows = _sampled(_eligible(care), arguments)
    rows = _returns(_sent(rows, arguments), arguments)
    answers = _answers(rows, satisfaction(rows, _harmed(care, arguments), arguments), arguments)
    back = rows["_returned_at"]
    whole = rows.assign(returned_on=back.dt.normalize(), updated_at=back).join(answers)
    sent = unfilled(whole, ["returned_on", *LOADINGS]).assign(updated_at=rows["_sent_at"])
    images = told([sent, whole[back.notna()]], "survey_id", arguments, deliveries)
    known = "survey_id patient_id encounter_id survey_type sent_on returned_on mode updated_at _known"
    return images[[*known.split(), *LOADINGS]]


def _eligible(care: Care) -> pd.DataFrame:
    """Return the ended encounters that may be asked about, one row per stay or visit."""
    ended = care.encounters[care.encounters["discharged_at"].notna()]
    rows = first_told(ended, "encounter_id")
    people = care.people.set_index("patient_id")
    rows = rows.assign(
        _age=(rows["admitted_at"] - rows["patient_id"].map(people["birth_date"])).dt.days / DAYS_PER_YEAR,
        _death=rows["patient_id"].map(people["death_date"]),
    )
    of_stays = rows[_is_asked_of_stay(rows)].drop_duplicates("_stay").assign(survey_type="hcahps")
    is_visit = rows["encounter_type"].isin(VISITS) & (rows["discharge_disposition"] != "20")
    asked = pd.concat([of_stays, rows[is_visit].assign(survey_type="nps")])
    # A few days more than eighteen years, so that leap years can't make a child of anybody.
    grown_up = asked["_age"] >= ADULT_YEARS + 0.01
    return asked[grown_up].sort_values("encounter_id", ignore_index=True)


def _is_asked_of_stay(rows: pd.DataFrame) -> "pd.Series[bool]":
    overnight = rows["discharged_at"].dt.normalize() > rows["admitted_at"].dt.normalize()
    psychiatric = (rows["unit"] == "psychiatric") | rows["drg"].isin(NOT_ASKED_DRG)
    inpatient = (rows["encounter_type"] == "inpatient") & rows["_stay"].notna()
    return inpatient & overnight & ~psychiatric & ~rows["discharge_disposition"].isin(NOT_ASKED_AFTER)


def _sampled(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    usual = _usual(arguments)
    share = rows["survey_type"].map({kind: usual[f"sampled_{kind}"] for kind in SENT_AFTER})
    number = uniform(hashes(rows["encounter_id"]), arguments.seed, "survey sample")
    return rows[number < share].reset_index(drop=True)


def _usual(arguments: Arguments) -> Mapping[str, Any]:
    return figures(arguments.world, "surveys")


def _sent(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Add id, mode, and when the survey was sent; those who died before are left out."""
    base, seed = hashes(rows["encounter_id"]), arguments.seed
    days = np.zeros(len(rows))
    mode = np.full(len(rows), "", dtype=object)
    for kind, (least, mean) in SENT_AFTER.items():
        of_kind = (rows["survey_type"] == kind).to_numpy()
        wait = np.floor(least + exponential(base, seed, "survey sent", mean)).clip(max=SENT_WITHIN[kind])
        shares = _usual(arguments)[f"modes_{kind}"]
        drawn = np.array(MODES, dtype=object)[pick(base, seed, "survey mode", shares)]
        days, mode = np.where(of_kind, wait, days), np.where(of_kind, drawn, mode)
    sent_on = rows["discharged_at"].dt.normalize() + pd.to_timedelta(days, unit="D")
    hour = np.floor(uniform(base, seed, "survey sent hour") * 28_800) + 8 * 3_600
    rows = rows.assign(survey_id="S" + rows["encounter_id"].str[1:], sent_on=sent_on, mode=mode)
    rows["_sent_at"] = sent_on + pd.to_timedelta(hour, unit="s")
    return rows[~(rows["_death"] <= rows["sent_on"])].reset_index(drop=True)


def _returns(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Add when the survey came back: by age and mode, within the time allowed, from the living alone."""
    base, seed = hashes(rows["survey_id"]), arguments.seed
    usual = _usual(arguments)
    place = rows["mode"].map({mode: number for number, mode in enumerate(MODES)}).to_numpy(int)
    is_stay = (rows["survey_type"] == "hcahps").to_numpy()
    share = np.where(is_stay, *(np.array(usual[f"returned_{kind}"])[place] for kind in SENT_AFTER))
    odds = share / (1 - share) * np.exp(0.018 * (rows["_age"].clip(upper=82).to_numpy(float) - AGE_CENTRE))
    answers = uniform(base, seed, "survey returned") < odds / (1 + odds)
    least, mean = np.array([DAYS_TO_RETURN[mode] for mode in MODES], dtype=float)[place].T
    days = np.floor(least + mean * exponential(base, seed, "survey return", 1.0))
    in_time = days <= rows["survey_type"].map(RETURNED_WITHIN)
    hour = np.floor(uniform(base, seed, "survey return hour") * 14_400) + 17 * 3_600
    at = rows["sent_on"] + pd.to_timedelta(days, unit="D") + pd.to_timedelta(hour, unit="s")
    alive = ~(rows["_death"] <= at)
    return rows.assign(_returned_at=at.where(answers & in_time & alive))


def _harmed(care: Care, arguments: Arguments) -> set[int]:
    """Return the stays in which an adverse event did harm."""
    events = happened(care, arguments)
    return set(events.loc[events["severity"] != "none", "stay_id"])


def satisfaction(rows: pd.DataFrame, harmed: set[int], arguments: Arguments) -> Floats:
    """Return the patients' satisfaction, about standard normal.

    Some facilities are better; the old are content more easily, the very sick, those who waited and those who
    came to harm less.
    """
    seed = arguments.seed
    usual = _usual(arguments)
    place = FACILITY_SD * normal(hashes(rows["facility_id"]), seed, "experience at the facility")
    person = PERSON_SD * normal(hashes(rows["survey_id"]), seed, "satisfaction")
    age = usual["age_effect"] * (rows["_age"].to_numpy(float) - AGE_CENTRE) / 10
    is_stay = (rows["survey_type"] == "hcahps").to_numpy()
    severity = rows["_severity"].astype(float).fillna(0).to_numpy() - SEVERITY_CENTRE * is_stay
    begun = np.where(is_stay, rows["decided_at"], rows["arrived_at"]).astype("datetime64[s]")
    ended = np.where(is_stay, rows["departed_at"], rows["provider_seen_at"]).astype("datetime64[s]")
    hours = pd.Series((ended - begun) / np.timedelta64(1, "h")).fillna(0).clip(0, LONGEST_WAIT_HOURS)
    unseen = left_unseen(rows).to_numpy()
    waited = usual["wait_effect"] * np.where(is_stay, hours / 4, hours) + UNSEEN_EFFECT * unseen
    hurt = usual["harm_effect"] * rows["_stay"].isin(harmed).to_numpy(float)
    return place + person + age + usual["severity_effect"] * severity + waited + hurt


def _answers(rows: pd.DataFrame, satisfaction: Floats, arguments: Arguments) -> pd.DataFrame:
    """Return an answer to each question, empty where it was not asked or left out."""
    base, seed, usual = hashes(rows["survey_id"]), arguments.seed, _usual(arguments)
    is_stay = rows["survey_type"] == "hcahps"
    told_of_medicine = uniform(base, seed, "new medicine") < usual["new_medicine"]
    found = {}
    for name, loading in LOADINGS.items():
        own = np.sqrt(1 - loading**2) * normal(base, seed, f"answer {name}")
        step = answer(loading * satisfaction + own, usual[name]) + LOWEST.get(name, 1)
        asked = ~is_stay if name == "nps_score" else is_stay
        if name == "medicine_communication":
            asked = asked & told_of_medicine
        skipped = uniform(base, seed, f"skipped {name}") < usual["skipped"]
        found[name] = pd.Series(step, rows.index).where(asked & ~skipped)
    return pd.DataFrame(found).astype("Int64")
