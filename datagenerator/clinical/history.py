"""How registered patients change: moves, marriages, payers, primary care; when, and when it is recorded."""

from dataclasses import dataclass

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block, stream
from datagenerator.clinical import demographics
from datagenerator.clinical.clock import DAY, HOUR, WARM_UP_MONTHS, Clock
from datagenerator.clinical.draws import by_month
from datagenerator.clinical.nature import age_at
from datagenerator.clinical.population import DAYS_PER_YEAR, Population

BASE_STREAM, CHANGE_STREAM, RECORDING_STREAM = 3, 4, 5
ATTRIBUTES = [
    *("first_name", "last_name", "birth_date", "death_date", "sex", "race", "ethnicity", "marital_status"),
    *("street", "city", "state", "zip", "phone", "payer_id", "pcp_provider_id"),
]
OTHER_STATE_SHARE = 0.12
BACKDATED_SHARE, BACKDATED_DAYS = 0.08, (30, 240)
CORRECTION_YEARLY, CORRECTED_WITHIN_DAYS = 0.03, 400


@dataclass(frozen=True)
class Registered:
    """Changes of a cohort's registration in the order they were drawn.

    `changes`: patient (position), effective (day), recorded (second), the attributes, null where unchanged.
    `residence`: patients x months, the state of residence as a number.
    """

    changes: pd.DataFrame
    residence: np.ndarray


def register(arguments: Arguments, block: Block, people: Population, clock: Clock) -> Registered:
    """Draw the first registration and all changes up to the end of the clock, deaths left out."""
    key = (block.index, BASE_STREAM, people.first_period)
    base = demographics.first_registration(arguments, stream(arguments.seed, *key), people)
    now = base.copy()
    residence = np.tile(base["_state"].to_numpy()[:, None], (1, clock.months))
    logs = [base.drop(columns="_state").assign(patient=np.arange(people.size), effective=people.joined)]
    logs.append(_medicare_before_start(arguments, block, people, clock, now))
    first = max(int(clock.month_of(np.array([clock.start * DAY]))[0]), WARM_UP_MONTHS)
    last_effective = people.joined.copy()
    for month in range(first, clock.months):
        rng = stream(arguments.seed, block.index, CHANGE_STREAM, people.first_period, month)
        for change in _month(arguments, rng, people, clock, month, now, last_effective):
            who = change["patient"].to_numpy()
            for name in change.columns.difference(["patient", "effective", "corrects"]):
                now.loc[who, name] = change[name].to_numpy()
            last_effective[who] = np.maximum(last_effective[who], change["effective"])
            logs.append(change.assign(month=month))
        residence[:, month:] = now["_state"].to_numpy()[:, None]
    changes = pd.concat(logs, ignore_index=True).drop(columns="_state", errors="ignore")
    return Registered(_record(arguments, block, people, clock, changes), residence)


def _medicare_before_start(
    arguments: Arguments, block: Block, people: Population, clock: Clock, now: pd.DataFrame
) -> pd.DataFrame:
    """Return the change of payer of those who turned 65 between their first registration and the start."""
    rng = stream(arguments.seed, block.index, BASE_STREAM, people.first_period, 1)
    payer = demographics.payer_for(rng, np.full(people.size, 65.0))
    birthday = people.birth + int(65 * DAYS_PER_YEAR)
    who = np.flatnonzero(
        (birthday > people.joined) & (birthday < clock.start) & (people.joined < clock.start)
    )
    now.loc[who, "payer_id"] = payer[who]
    return pd.DataFrame({"patient": who, "effective": birthday[who], "payer_id": payer[who]})


def _month(
    arguments: Arguments,
    rng: np.random.Generator,
    people: Population,
    clock: Clock,
    month: int,
    now: pd.DataFrame,
    last_effective: np.ndarray,
) -> list[pd.DataFrame]:
    first, following = clock.month_days[month : month + 2]
    age = age_at(people, int(first))
    draws, day = rng.random((people.size, 5)), first + rng.integers(0, following - first, (people.size, 5))
    moving = np.select([age < 18, age < 30, age < 50], [0.10, 0.22, 0.12], 0.05)
    chosen = {
        "move": draws[:, 0] < moving / 12,
        "marital": draws[:, 1] < 0.035 / 12,
        "primary_care": draws[:, 3] < 0.07 / 12,
        "correction": draws[:, 4] < CORRECTION_YEARLY / 12,
    }
    turns_65 = (age < 65) & (age_at(people, int(following)) >= 65)
    payer_changes = turns_65 | (draws[:, 2] < np.where(age < 65, 0.06, 0.035) / 12)
    day[:, 2] = first
    logs = [
        _moves(arguments, rng, np.flatnonzero(chosen["move"]), now),
        _marital(rng, np.flatnonzero(chosen["marital"]), now, age, people.female),
        _payers(rng, np.flatnonzero(payer_changes), now, np.where(turns_65, 65.0, age)),
        _primary_care(arguments, rng, np.flatnonzero(chosen["primary_care"]), now),
    ]
    logs = [log.assign(effective=day[log["patient"], number]) for number, log in enumerate(logs)]
    recent = last_effective > first - CORRECTED_WITHIN_DAYS
    logs.append(_corrections(rng, np.flatnonzero(chosen["correction"] & recent), last_effective))
    return [log[people.joined[log["patient"]] < first] for log in logs]


def _corrections(rng: np.random.Generator, who: np.ndarray, last_effective: np.ndarray) -> pd.DataFrame:
    """Return corrected telephone numbers under the effective date that the patient's last version has."""
    log = pd.DataFrame({"patient": who, "phone": demographics.phones(rng, len(who))})
    return log.assign(effective=last_effective[who], corrects=1.0)


def _moves(
    arguments: Arguments, rng: np.random.Generator, who: np.ndarray, now: pd.DataFrame
) -> pd.DataFrame:
    state = now["_state"].to_numpy()[who]
    elsewhere = demographics.states_of(arguments, rng, len(who))
    state = np.where(rng.random(len(who)) < OTHER_STATE_SHARE, elsewhere, state)
    return demographics.addresses(arguments, rng, state).assign(patient=who, _state=state)


def _marital(
    rng: np.random.Generator, who: np.ndarray, now: pd.DataFrame, age: np.ndarray, female: np.ndarray
) -> pd.DataFrame:
    """Single people marry (many women take another name), married ones part or are widowed."""
    before, years = now["marital_status"].to_numpy()[who], age[who]
    marries = np.isin(before, ["S", "D", "W"]) & (years >= 20) & (years < 60)
    after = np.where(
        marries, "M", np.where((before == "M") & (years >= 20), np.where(years > 66, "W", "D"), before)
    )
    takes_name = marries & female[who] & (rng.random(len(who)) < 0.7)
    name = np.where(takes_name, demographics.last_names(rng, len(who)), now["last_name"].to_numpy()[who])
    log = pd.DataFrame({"patient": who, "marital_status": after, "last_name": name})
    return log[after != before].reset_index(drop=True)


def _payers(rng: np.random.Generator, who: np.ndarray, now: pd.DataFrame, age: np.ndarray) -> pd.DataFrame:
    log = pd.DataFrame({"patient": who, "payer_id": demographics.payer_for(rng, age[who])})
    return log[log["payer_id"].to_numpy() != now["payer_id"].to_numpy()[who]].reset_index(drop=True)


def _primary_care(
    arguments: Arguments, rng: np.random.Generator, who: np.ndarray, now: pd.DataFrame
) -> pd.DataFrame:
    state = now["_state"].to_numpy()[who]
    return pd.DataFrame({"patient": who, "pcp_provider_id": demographics.primary_care(arguments, rng, state)})


def _record(
    arguments: Arguments, block: Block, people: Population, clock: Clock, changes: pd.DataFrame
) -> pd.DataFrame:
    """Set when the source came to know each change: some days later, a part of them much later."""
    month = (
        changes["month"].fillna(0).to_numpy(int) if "month" in changes else np.zeros(len(changes), dtype=int)
    )
    draws = by_month((arguments.seed, block.index, RECORDING_STREAM, people.first_period), month, 3)
    late = (draws[:, 0] < BACKDATED_SHARE) & (month > 0)
    low, high = BACKDATED_DAYS
    days = np.where(late, low + draws[:, 1] * (high - low), 1 + 9 * draws[:, 1] ** 2).astype(np.int64)
    day = changes["effective"].to_numpy(np.int64) + days
    corrects = (
        changes["corrects"].fillna(0).to_numpy() == 1 if "corrects" in changes else np.zeros(len(day), bool)
    )
    day = np.where(corrects, clock.month_days[month] + days % 28, day)
    recorded = day * DAY + 8 * HOUR + (draws[:, 2] * 9 * HOUR).astype(np.int64)
    registered = recorded[: people.size]  # the first rows are the first registrations, one a patient
    recorded = np.maximum(recorded, registered[changes["patient"]])
    return changes.assign(recorded=recorded).drop(columns=["month", "corrects"], errors="ignore")
