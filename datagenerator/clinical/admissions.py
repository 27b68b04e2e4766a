"""One wave of admissions: why, where, how sick, how long, and what follows from each."""

from functools import lru_cache

import numpy as np

from datagenerator.catalogue import Choices, columns, table
from datagenerator.clinical import outcomes
from datagenerator.clinical.clock import DAY, HOUR
from datagenerator.clinical.nature import LOS_DISPERSION, reason_weights
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.clinical.state import (
    BACKGROUND,
    PLANNED_RETURN,
    SAME_DAY_RETURN,
    TRANSFER,
    UNPLANNED_RETURN,
    State,
    World,
)

SAME_REASON_AGAIN = 6.0
SEVERITY_NOISE = 0.80
INTENSIVE_FROM = 1.35
AGAINST_ADVICE = 0.012
TRANSFER_OF_TRANSFERRED = 0.14
LONGEST_CHAIN = 3
TRANSFER_MEAN_EXTRA_DAYS = 0.6


@lru_cache
def principal() -> Choices:
    """Return the principal diagnoses by admission reason."""
    codes = table("diagnosis_codes")
    return Choices(codes[codes["use"] == "admission"], table("admissions")["reason"].to_list())


@lru_cache
def category_of_code() -> np.ndarray:
    """Return a number for the CCSR category of each row of `principal()`."""
    return principal().rows["ccsr"].astype("category").cat.codes.to_numpy()


@lru_cache
def never_planned() -> np.ndarray:
    """Return, by reason, whether the planned-readmission rules can never call such a stay planned."""
    reasons, codes = table("admissions")["reason"], principal().rows
    use = table("procedure_use")
    use = use[use["use"] == "admission"]
    always = set(codes.loc[codes["always_planned"] == 1, "name"]) | set(
        use.loc[use["planned"] == "always", "name"]
    )
    not_acute = set(codes.loc[codes["acute"] == 0, "name"])
    potentially = set(use.loc[use["planned"] == "potentially", "name"])
    return ~reasons.isin(always | (not_acute & potentially)).to_numpy()


def admit(
    world: World, state: State, month: int, who: np.ndarray, day: np.ndarray, rng: np.random.Generator
) -> None:
    """Admit the patients `who`: those with a pending admission for that, the others from the background."""
    draws = rng.random((len(who), 24))
    normal = rng.standard_normal(len(who))
    pending = state.pending
    follows = (pending.at[who] // DAY) == day
    kind = np.where(follows, pending.kind[who], BACKGROUND)
    stay: dict[str, np.ndarray] = {"patient": who, "month": np.full(len(who), month), "kind": kind}
    stay["legs"] = np.where(kind == TRANSFER, pending.legs[who] + 1, 1)
    residence = world.state_of_residence[who, month]
    first_choice = world.hospitals.acute.draw(residence, draws[:, 0])
    stay["facility"] = np.where(follows, pending.facility[who], first_choice)
    stay["reason"] = _reasons(world, state, who, kind, day, month, draws[:, 1])
    carried = (kind == TRANSFER) | (kind == SAME_DAY_RETURN)
    code = principal().draw(stay["reason"], draws[:, 2])
    stay["code"] = np.where(carried, pending.code[who], code)
    stay["day"] = day + _put_off(state, stay, day)
    _arrival(stay, state, follows, draws[:, 3:6])
    _condition(world, state, stay, normal, draws[:, 6:8])
    _course(world, stay, rng, draws[:, 8:12])
    outcomes.leave(world, state, stay, month, draws[:, 12:24])
    state.admissions[who, 0] += 1
    state.stays.append(stay)


def _reasons(
    world: World,
    state: State,
    who: np.ndarray,
    kind: np.ndarray,
    day: np.ndarray,
    month: int,
    uniform: np.ndarray,
) -> np.ndarray:
    start = int(world.clock.month_days[month])
    weights = reason_weights(world.people, who, start, 1 + month_of_year(start))
    before = state.pending.reason[who]
    back = np.flatnonzero(kind == UNPLANNED_RETURN)
    weights[back] *= never_planned()
    weights[back, before[back]] *= SAME_REASON_AGAIN
    upto = weights.cumsum(axis=1)
    drawn = (upto < (uniform * upto[:, -1])[:, None]).sum(axis=1)
    decided = np.isin(kind, (PLANNED_RETURN, TRANSFER, SAME_DAY_RETURN))
    return np.where(decided, before, drawn)


def month_of_year(day: int) -> int:
    """Return the calendar month of a day number, 0 to 11."""
    return int(np.datetime64(day, "D").astype("datetime64[M]").astype(int) % 12)


def _put_off(state: State, stay: dict[str, np.ndarray], day: np.ndarray) -> np.ndarray:
    """Return a day of delay for returns on the day of discharge that turn out to have the same condition.

    On that day such a return would be no readmission but one combined stay.
    """
    who = stay["patient"]
    today = (stay["kind"] == UNPLANNED_RETURN) & (state.busy_until[who] // DAY == day)
    category = category_of_code()
    return (today & (category[stay["code"]] == category[state.pending.code[who]])).astype(np.int64)


def _arrival(stay: dict[str, np.ndarray], state: State, follows: np.ndarray, draws: np.ndarray) -> None:
    """Set the time of admission, the priority (FL 14) and the point of origin (FL 15)."""
    kind = stay["kind"]
    share = columns(table("admissions"), "emergency")["emergency"][stay["reason"]]
    emergency = draws[:, 0] < np.where(kind == PLANNED_RETURN, 0, share)
    planned = (share < 0.4) | (kind == PLANNED_RETURN)
    trauma = np.isin(stay["reason"], _numbers("head_injury", "pelvic_fracture", "hip_fracture")) & (
        draws[:, 1] < 0.3
    )
    priority = np.select([emergency & trauma, emergency, planned], ["5", "1", "3"], "2")
    origin = np.select(
        [kind == TRANSFER, draws[:, 1] > 0.975, draws[:, 1] > 0.93, draws[:, 1] > 0.80],
        ["4", "6", "5", "2"],
        "1",
    )
    hour = np.where(priority == "3", 6 + 5 * draws[:, 2], (8 + 22 * draws[:, 2]) % 24)
    stay["admit_type"], stay["admit_source"] = priority, origin
    at = stay["day"] * DAY + (hour * HOUR).astype(np.int64) // 60 * 60
    arranged = stay["day"] * DAY + state.pending.at[stay["patient"]] % DAY
    stay["admitted"] = np.where(follows, arranged, at)


def _condition(
    world: World, state: State, stay: dict[str, np.ndarray], normal: np.ndarray, draws: np.ndarray
) -> None:
    """Set age, conditions, prior use and the latent severity of illness with the unit that it asks for."""
    who, people = stay["patient"], world.people
    has = people.onset[who] <= stay["day"][:, None]
    burden = has @ table("chronic")["severity"].to_numpy(float)
    stay["age"] = (stay["day"] - people.birth[who]) / DAYS_PER_YEAR
    stay["severity"] = 0.30 * people.frailty[who] + 0.8 * (burden - 0.35) + SEVERITY_NOISE * normal
    stay["prior_admissions"] = state.prior_admissions()[who]
    stay["prior_emergencies"] = state.prior_emergencies()[who]
    stay["chronic_readmission"] = has @ table("chronic")["readmission"].to_numpy(float)
    unit = table("admissions")["unit"].to_numpy()[stay["reason"]]
    intensive = np.isin(unit, ["medical", "surgical"]) & (
        stay["severity"] + 0.4 * (draws[:, 0] - 0.5) > INTENSIVE_FROM
    )
    stay["unit"] = np.where(intensive, "icu", unit)


def _course(world: World, stay: dict[str, np.ndarray], rng: np.random.Generator, draws: np.ndarray) -> None:
    """Decide on transfer and leaving against advice; draw the length of stay, give its expectation."""
    extra = _mean_extra_days(stay)
    move = _transfer_chance(world, stay)
    substance = np.isin(stay["reason"], _numbers("alcohol_withdrawal", "overdose"))
    advice = AGAINST_ADVICE * np.where(substance, 5.0, 1.0) * np.where(stay["age"] < 65, 1.5, 0.6)
    advice = np.where(stay["age"] < 18, 0.0, advice)
    stay["transferred"] = draws[:, 0] < move
    stay["against_advice"] = ~stay["transferred"] & (draws[:, 1] < advice)
    stay["expected_los"] = 1 + move * TRANSFER_MEAN_EXTRA_DAYS + (1 - move) * extra * (1 - advice / 2)
    mean = np.where(stay["against_advice"], extra / 2, extra)
    mean = np.where(stay["transferred"], TRANSFER_MEAN_EXTRA_DAYS, mean)
    gamma = rng.gamma(LOS_DISPERSION, 1 / LOS_DISPERSION, len(mean))
    stay["los"] = 1 + rng.poisson(mean * np.where(stay["transferred"], 1.0, gamma))
    leaving = (9 * HOUR + draws[:, 2] * 9 * HOUR).astype(np.int64) // 60 * 60
    clock_time = stay["admitted"] % DAY
    same_day = (stay["los"] == 1) & (clock_time < 12 * HOUR) & (draws[:, 3] < 0.12)
    late = np.maximum(leaving, clock_time + 4 * HOUR)
    stay["discharged"] = (stay["day"] + np.where(same_day, 0, stay["los"])) * DAY + np.where(
        same_day, late, leaving
    )


def _mean_extra_days(stay: dict[str, np.ndarray]) -> np.ndarray:
    """Mean days beyond the first: the reason's, by severity, age and origin."""
    base = table("admissions")["los"].to_numpy(float)[stay["reason"]] - 1
    effect = 0.50 * stay["severity"] - 0.06 + 0.004 * (stay["age"] - 60)
    effect += np.where(stay["admit_source"] == "5", 0.15, 0.0) + np.where(stay["unit"] == "icu", 0.15, 0.0)
    return np.minimum(base * np.exp(effect), 60.0)


def _transfer_chance(world: World, stay: dict[str, np.ndarray]) -> np.ndarray:
    if world.hospitals.is_acute.sum() < 2:
        return np.zeros(len(stay["reason"]))
    base = table("admissions")["transfer"].to_numpy(float)[stay["reason"]]
    rural = np.where(world.hospitals.is_critical_access[stay["facility"]], 3.0, 1.0)
    chance = base * rural * np.exp(0.5 * np.minimum(stay["severity"], 2.0))
    chance = np.where(stay["kind"] == TRANSFER, TRANSFER_OF_TRANSFERRED, chance)
    possible = (stay["legs"] < LONGEST_CHAIN) & (stay["kind"] != SAME_DAY_RETURN)
    return np.where(possible, np.minimum(chance, 0.6), 0.0)


def _numbers(*reasons: str) -> list[int]:
    known = table("admissions")["reason"].to_list()
    return [known.index(reason) for reason in reasons]
