"""Stays and readmissions as the definitions read, a patient at a time, in plain Python.

An oracle: it shares no code with what builds the tables, and no way of working either. Rows are united until
none meet, and of each stay the whole definition is asked, instead of windows over sorted rows.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import combinations

FOREVER = datetime.max
REHABILITATION = "R"
CONDITIONS = {"acute": "c1", "chronic": "c1", "scheduled": "c2", "mind": "c3", "tumour": "c4", "regain": "c4"}
"""Diagnoses that the dimension has, each with its condition; two share one."""
EXCLUDED = {"mind": "psychiatric", "tumour": "cancer_treatment", "regain": "rehabilitation"}
ALWAYS, POTENTIALLY, NEITHER = "1AAAAAA", "2BBBBBB", "3CCCCCC"
WINDOWS = (30, 60, 90)


@dataclass(frozen=True)
class HospitalRow:
    """An inpatient row as it was billed."""

    key: str
    hospital: str
    start: datetime
    end: datetime | None
    diagnosis: str | None
    disposition: str
    age: int
    done: tuple[str, ...]

    def meets(self, other: "HospitalRow") -> bool:
        of_one_hospital = self.hospital == other.hospital
        return (
            of_one_hospital and self.start <= (other.end or FOREVER) and other.start <= (self.end or FOREVER)
        )


class Stay:
    """Rows that meet, directly or through others."""

    def __init__(self, rows: Sequence[HospitalRow]) -> None:
        self.rows = sorted(rows, key=lambda row: (row.start, row.key))
        self.first = self.rows[0]
        self.last = max(self.rows, key=lambda row: row.end or FOREVER)
        self.key, self.hospital, self.start = self.first.key, self.first.hospital, self.first.start
        self.end = self.last.end
        self.diagnosis = next((row.diagnosis for row in self.rows if row.diagnosis), None)
        self.condition = CONDITIONS.get(self.diagnosis or "")
        self.disposition = self.last.disposition if self.end else None

    def days_until(self, other: "Stay") -> int | None:
        """Return the calendar days from the discharge until another stay begins; None while it is open."""
        return _days(self.end.date(), other.start.date()) if self.end else None

    def planned_by(self) -> str | None:
        done = {code for row in self.rows for code in row.done}
        if self.diagnosis is None:
            return None
        if ALWAYS in done:
            return "always_planned_procedure"
        if self.diagnosis == "scheduled":
            return "always_planned_diagnosis"
        return "potentially_planned_procedure" if POTENTIALLY in done and self.diagnosis != "acute" else None

    def is_followed(self, days: int, through: datetime | None) -> bool:
        """Whether the data reaches through the last second of so many days after discharge."""
        if self.end is None or through is None:
            return False
        last = datetime(self.end.year, self.end.month, self.end.day) + timedelta(days=days)
        return through >= last.replace(hour=23, minute=59, second=59)


@dataclass(frozen=True)
class Answer:
    """What the measure says of one stay."""

    rows: list[str]
    days: int | None
    chain: str
    position: int
    reasons: list[str]
    first_reason: str | None
    planned_by: str | None
    flags: tuple[bool | None, ...]
    return_day: int | None
    return_key: str | None
    paid_by: str
    treated_by: str


def answers(rows: Sequence[HospitalRow], through: datetime | None) -> dict[str, Answer]:
    """Return the answer for each stay of a patient."""
    stays = sorted(stays_of(rows), key=lambda stay: (stay.start, stay.key))
    chains = chains_of(stays)
    found = {}
    for chain in chains:
        for position, stay in enumerate(chain, 1):
            later = stays[stays.index(stay) + 1 :]
            found[stay.key] = _answer(stay, later, chain, position, through)
    return found


def stays_of(rows: Sequence[HospitalRow]) -> list[Stay]:
    """Unite the rows of acute care until no two groups of them meet."""
    groups = [[row] for row in rows if row.hospital != REHABILITATION]
    while meeting := _two_that_meet(groups):
        one, other = meeting
        groups = [group for group in groups if group not in meeting] + [one + other]
    return [Stay(group) for group in groups]


def chains_of(stays: Sequence[Stay]) -> list[list[Stay]]:
    """Return the episodes: each stay begins one, or goes on where the one before was transferred from."""
    chains: list[list[Stay]] = []
    for stay in stays:
        if chains and _is_transfer(chains[-1][-1], stay):
            chains[-1].append(stay)
        else:
            chains.append([stay])
    return chains


def _answer(
    stay: Stay, later: list[Stay], chain: list[Stay], position: int, through: datetime | None
) -> Answer:
    reasons = _reasons(stay, later, is_last=position == len(chain), through=through)
    came_back = _return(stay, later) if not reasons else None
    day = stay.days_until(came_back) if came_back else None
    flags = tuple(
        None if reasons or not stay.is_followed(days, through) else day is not None and day <= days
        for days in WINDOWS
    )
    return Answer(
        rows=sorted(row.key for row in stay.rows),
        days=max(1, _days(stay.start.date(), stay.end.date())) if stay.end else None,
        chain=chain[0].key,
        position=position,
        reasons=sorted(reasons),
        first_reason=reasons[0] if reasons else None,
        planned_by=stay.planned_by(),
        flags=flags,
        return_day=day,
        return_key=came_back.key if came_back else None,
        paid_by=f"payer of {stay.first.key}",
        treated_by=f"provider of {stay.last.key}",
    )


def _reasons(stay: Stay, later: list[Stay], *, is_last: bool, through: datetime | None) -> list[str]:
    of_diagnosis = EXCLUDED.get(stay.diagnosis or "")
    asked = [
        ("under_18", stay.first.age < 18),
        ("died", stay.disposition == "20"),
        ("against_medical_advice", stay.disposition == "07"),
        ("transferred_out", not is_last),
        ("same_day_return", bool(later) and _is_one_with(stay, later[0])),
        *((name, name == of_diagnosis) for name in ("psychiatric", "rehabilitation", "cancer_treatment")),
        ("no_full_follow_up", not stay.is_followed(30, through)),
    ]
    return [name for name, applies in asked if applies]


def _return(stay: Stay, later: list[Stay]) -> Stay | None:
    """Return the stay by which the patient came back within ninety days, if it was not planned."""
    within = [other for other in later if (stay.days_until(other) or 0) <= max(WINDOWS)]
    return within[0] if within and not within[0].planned_by() else None


def _is_one_with(stay: Stay, later: Stay) -> bool:
    here = stay.hospital == later.hospital and stay.days_until(later) == 0
    return here and stay.condition is not None and stay.condition == later.condition


def _is_transfer(stay: Stay, later: Stay) -> bool:
    days = stay.days_until(later)
    return stay.hospital != later.hospital and days is not None and days <= 1


def _two_that_meet(groups: list[list[HospitalRow]]) -> tuple[list[HospitalRow], list[HospitalRow]] | None:
    return next(
        (
            (one, other)
            for one, other in combinations(groups, 2)
            if any(row.meets(another) for row in one for another in other)
        ),
        None,
    )


def _days(first: date, last: date) -> int:
    return (last - first).days
