"""The truth about stays and readmissions, read off the event log: small, plain and on its own.

Rules: those of the CMS hospital-wide readmission measure. Where they leave room: every reason that applies
is listed; rows of a patient at one facility are one stay when they overlap or touch to the second; a 60- or
90-day flag is empty until that many days have passed, even if the patient is back.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta

import pandas as pd

from datagenerator.care import Care
from datagenerator.clinical.measure import condition, excluded_as, is_planned

OPEN = datetime.max
WINDOWS = (30, 60, 90)
ADULT = 18


@dataclass
class Stay:
    """Rows at one facility that touch or overlap, as far as they are visible."""

    encounter_id: str
    patient_id: str
    facility_id: str
    admitted: datetime
    discharged: datetime
    disposition: str
    number: int
    code: str
    procedures: set[str]

    @property
    def planned(self) -> bool:
        """Whether the measure calls this stay planned; not before its diagnosis is known."""
        return bool(self.code) and is_planned(self.code, self.procedures)


def stays(care: Care, sound: set[str], data_through: datetime) -> pd.DataFrame:
    """Return one row per true stay that can be seen through the sound encounter rows, as in truth/stays.csv.

    Flags are text: true, false, or empty while follow-up is short and on excluded stays. A stay cut in two
    by a lost row is two; one whose rows are all lost is not there, and its neighbours link to each other.
    """
    latent = care.stays.set_index("stay_id")
    births = latent["birth_date"].to_dict()
    by_patient: dict[str, list[Stay]] = {}
    for stay in _visible(care, sound):
        by_patient.setdefault(stay.patient_id, []).append(stay)
    rows = []
    for patient_stays in by_patient.values():
        ordered = sorted(patient_stays, key=lambda stay: (stay.admitted, stay.encounter_id))
        following: list[Stay | None] = [*ordered[1:], None]
        for stay, after in zip(ordered, following, strict=True):
            rows.append(_judged(stay, after, births[stay.number], data_through))
    frame = pd.DataFrame(rows, columns=["encounter_id", "_number", *RESULT])
    for name in ("p_readmitted_30d", "expected_los_days"):
        frame[name] = latent[name].reindex(frame["_number"]).to_numpy(float)
    return frame.drop(columns="_number").sort_values("encounter_id", ignore_index=True)


RESULT = ["stay_class", "exclusion_reasons", "is_planned", *(f"readmitted_{days}d" for days in WINDOWS)]


def _visible(care: Care, sound: set[str]) -> list[Stay]:
    rows = care.encounters
    rows = rows[rows["_stay"].notna() & rows["encounter_id"].isin(sound)]
    rows = rows.sort_values(["encounter_id", "updated_at"]).drop_duplicates("encounter_id", keep="last")
    ends = rows["discharged_at"].to_numpy().astype("datetime64[us]").tolist()
    rows = rows.assign(_end=pd.Series([end or OPEN for end in ends], rows.index, dtype=object))
    principal = (
        care.diagnoses[care.diagnoses["sequence"] == 1].set_index("encounter_id")["diagnosis_code"].to_dict()
    )
    done = care.procedures.groupby("encounter_id")["procedure_code"].agg(set).to_dict()
    rows = rows.sort_values(["patient_id", "facility_id", "admitted_at", "encounter_id"])
    names = [
        "encounter_id",
        "patient_id",
        "facility_id",
        "admitted_at",
        "_end",
        "discharge_disposition",
        "_stay",
    ]
    found: list[Stay] = []
    for row in rows[names].itertuples(index=False, name=None):
        begun = row[3].to_pydatetime()
        encounter, patient, facility, _, end, disposition, number = row
        coded = principal.get(encounter, ""), done.get(encounter, set())
        piece = Stay(encounter, patient, facility, begun, end, disposition, int(number), *coded)
        if found and _touches(found[-1], piece):
            _extend(found[-1], piece)
        else:
            found.append(piece)
    return found


def _touches(stay: Stay, piece: Stay) -> bool:
    same = (stay.patient_id, stay.facility_id) == (piece.patient_id, piece.facility_id)
    return same and piece.admitted <= stay.discharged


def _extend(stay: Stay, piece: Stay) -> None:
    if piece.discharged > stay.discharged:
        stay.discharged, stay.disposition = piece.discharged, piece.disposition
    stay.procedures = stay.procedures | piece.procedures
    stay.code = stay.code or piece.code


def _judged(stay: Stay, after: Stay | None, birth: datetime, data_through: datetime) -> tuple[object, ...]:
    reasons = _reasons(stay, after, birth, data_through)
    flags = ["" for _ in WINDOWS]
    if not reasons:
        flags = [_readmitted(stay, after, days, data_through) for days in WINDOWS]
    kind = "excluded" if reasons else "index"
    return stay.encounter_id, stay.number, kind, ";".join(reasons), _text(stay.planned), *flags


def _reasons(stay: Stay, after: Stay | None, birth: datetime, data_through: datetime) -> list[str]:
    days = _days_between(stay, after)
    elsewhere = after is not None and after.facility_id != stay.facility_id
    back_today = after is not None and not elsewhere and days == 0
    same_condition = back_today and after is not None and bool(stay.code and after.code)
    same_condition = same_condition and after is not None and condition(stay.code) == condition(after.code)
    kind = excluded_as(stay.code) if stay.code else ""
    applies = {
        "under_18": _age(birth, stay.admitted) < ADULT,
        "died": stay.disposition == "20",
        "against_medical_advice": stay.disposition == "07",
        "transferred_out": elsewhere and days is not None and days <= 1,
        "same_day_return": same_condition,
        "psychiatric": kind == "psychiatric",
        "rehabilitation": kind == "rehabilitation",
        "cancer_treatment": kind == "cancer_treatment",
        "no_full_follow_up": not _followed(stay, WINDOWS[0], data_through),
    }
    return [reason for reason, holds in applies.items() if holds]


def _readmitted(stay: Stay, after: Stay | None, window: int, data_through: datetime) -> str:
    if not _followed(stay, window, data_through):
        return ""
    days = _days_between(stay, after)
    return _text(after is not None and days is not None and days <= window and not after.planned)


def _days_between(stay: Stay, after: Stay | None) -> int | None:
    if after is None or stay.discharged is OPEN:
        return None
    return (after.admitted.date() - stay.discharged.date()).days


def _followed(stay: Stay, days: int, data_through: datetime) -> bool:
    """Whether the whole of the day so many days after discharge lies in the data."""
    if stay.discharged is OPEN:
        return False
    midnight = datetime.combine(stay.discharged.date(), datetime.min.time())
    return midnight + timedelta(days=days + 1, seconds=-1) <= data_through


def _age(birth: datetime, day: datetime) -> int:
    return day.year - birth.year - ((day.month, day.day) < (birth.month, birth.day))


def _text(flag: bool) -> str:
    return "true" if flag else "false"
