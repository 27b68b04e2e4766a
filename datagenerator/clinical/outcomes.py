"""How a stay ends and what comes after: death, transfer, return, or thirty quiet days."""

import numpy as np

from datagenerator.catalogue import table
from datagenerator.clinical.clock import DAY, HOUR, NEVER, WARM_UP_MONTHS
from datagenerator.clinical.nature import readmission_intercept, scale
from datagenerator.clinical.state import (
    PLANNED_RETURN,
    SAME_DAY_RETURN,
    TRANSFER,
    UNPLANNED_RETURN,
    State,
    World,
)

SAME_DAY_SAME_CONDITION = 0.006
DAY_ZERO_RETURN = 0.02
RETURN_DECAY_DAYS = 14.0
SAME_HOSPITAL = 0.78
FOLLOW_UP_DAYS = 30
# What follows as planned care: after which reasons (or with which condition), which stay, how often.
PLANNED_AFTER = {
    "chemotherapy": (("lung_cancer", "haematologic_cancer", "chemotherapy", "colon_resection"), 0.18),
    "rehabilitation_care": (("ischaemic_stroke", "hip_fracture", "head_injury", "knee_replacement"), 0.05),
    "coronary_bypass": (("myocardial_infarction", "chest_pain"), 0.05),
    "valve_replacement": (("heart_failure",), 0.012),
}
PRIOR_SCALE = 5 / 36  # encounters per patient and month for which the terms of prior use are meant


def leave(world: World, state: State, stay: dict[str, np.ndarray], month: int, draws: np.ndarray) -> None:
    """Draw how the stays end and set what follows: pending admissions, deaths, the quiet time."""
    stay["died"] = _died(stay, draws[:, 0]) & (month >= WARM_UP_MONTHS)
    stay["disposition"] = _disposition(stay, draws[:, 1])
    stay["p_readmitted"] = np.where(stay["died"], 0.0, readmission_chance(world, stay))
    out = ~stay["died"] & ~stay["transferred"]
    comes_back_today = out & ~stay["against_advice"] & (draws[:, 2] < SAME_DAY_SAME_CONDITION)
    comes_back_today &= stay["kind"] != SAME_DAY_RETURN
    unplanned = out & ~comes_back_today & (draws[:, 3] < stay["p_readmitted"])
    next_reason = _planned_next(stay, draws[:, 4])
    planned = out & ~comes_back_today & ~unplanned & (next_reason >= 0)
    _clear(state, stay)
    _set_pending(state, stay, stay["transferred"], TRANSFER, *_transfer(world, stay, draws[:, 5:8]))
    _set_pending(state, stay, comes_back_today, SAME_DAY_RETURN, stay["facility"], _later(stay, draws[:, 8]))
    _set_pending(state, stay, unplanned, UNPLANNED_RETURN, *_unplanned(world, stay, draws[:, 5:11]))
    at = _planned_time(stay, draws[:, 9:11])
    _set_pending(state, stay, planned, PLANNED_RETURN, stay["facility"], at, next_reason)
    quiet = out & ~comes_back_today & ~unplanned & ~planned
    stay["quiet"], stay["back_today"] = quiet, comes_back_today
    _die_after(state, stay, quiet & (month >= WARM_UP_MONTHS), draws[:, 10:12])


def _died(stay: dict[str, np.ndarray], uniform: np.ndarray) -> np.ndarray:
    base = table("admissions")["death"].to_numpy(float)[stay["reason"]]
    risk = base * np.exp(0.75 * stay["severity"] - 0.33 + 0.02 * (stay["age"] - 70))
    return ~stay["transferred"] & ~stay["against_advice"] & (uniform < np.minimum(risk, 0.65))


def _disposition(stay: dict[str, np.ndarray], uniform: np.ndarray) -> np.ndarray:
    """Return the patient status codes (FL 17): where those go who leave, by age and severity."""
    tilt = np.exp(0.05 * (stay["age"] - 72) + 0.6 * stay["severity"])
    surgical = np.isin(stay["unit"], ["surgical", "icu"])
    hospice = np.minimum(0.018 * tilt, 0.15)
    nursing = np.minimum(0.16 * tilt, 0.45)
    rehabilitation = np.where(surgical, 0.05, 0.008) * np.minimum(tilt, 2)
    home_care = np.minimum(0.13 * tilt, 0.30)
    upto = np.cumsum([hospice / 2, hospice / 2, nursing, rehabilitation, home_care, 0 * tilt + 0.006], axis=0)
    code = np.select([uniform < limit for limit in upto], ["50", "51", "03", "62", "06", "63"], "01")
    code = np.where(stay["unit"] == "maternity", "01", code)
    code = np.where(stay["unit"] == "psychiatric", np.where(uniform < 0.06, "65", "01"), code)
    code = np.where(stay["against_advice"], "07", code)
    code = np.where(stay["transferred"], np.where(uniform < 0.92, "02", "05"), code)
    return np.where(stay["died"], "20", code)


def readmission_chance(world: World, stay: dict[str, np.ndarray]) -> np.ndarray:
    """Return the true chance of an unplanned return within 30 days, given all that is so on leaving."""
    weight = dict(zip(*(table("readmission_terms")[name] for name in ("term", "coefficient")), strict=True))
    usual = PRIOR_SCALE / scale(world.arguments)
    terms = {
        "prior_admissions": np.minimum(stay["prior_admissions"] * usual, 5),
        "prior_emergency": np.minimum(stay["prior_emergencies"] * usual, 5),
        "log_los": np.log(stay["los"]) - 1.2,
        "severity": stay["severity"],
        "frailty": world.people.frailty[stay["patient"]],
        "age_decade": (stay["age"] - 60) / 10,
        "emergency": stay["admit_type"] == "1",
        "skilled_nursing": stay["disposition"] == "03",
        "home_health": stay["disposition"] == "06",
        "hospice": np.isin(stay["disposition"], ["50", "51"]),
        "against_advice": stay["against_advice"],
    }
    linear = sum(weight[name] * value for name, value in terms.items()) + stay["chronic_readmission"]
    linear = linear + table("admissions")["readmission"].to_numpy(float)[stay["reason"]]
    stay["linear"] = linear
    return 1 / (1 + np.exp(-linear - readmission_intercept(world.arguments.readmission_rate)))


def _planned_next(stay: dict[str, np.ndarray], uniform: np.ndarray) -> np.ndarray:
    """Return the reason number of planned care that follows, -1 for none."""
    reasons = table("admissions")["reason"].to_list()
    chosen = np.full(len(uniform), -1)
    for following, (after, chance) in PLANNED_AFTER.items():
        here = np.isin(stay["reason"], [reasons.index(reason) for reason in after]) & (uniform < chance)
        chosen[here] = reasons.index(following)
    return chosen


def _clear(state: State, stay: dict[str, np.ndarray]) -> None:
    who = stay["patient"]
    state.pending.at[who] = NEVER
    state.busy_until[who] = stay["discharged"]
    state.clear_from[who] = stay["discharged"] // DAY + FOLLOW_UP_DAYS + 1
    state.death_day[who] = np.where(stay["died"], stay["discharged"] // DAY, state.death_day[who])


def _set_pending(
    state: State,
    stay: dict[str, np.ndarray],
    chosen: np.ndarray,
    kind: int,
    facility: np.ndarray,
    at: np.ndarray,
    reason: np.ndarray | None = None,
) -> None:
    who, pending = stay["patient"][chosen], state.pending
    pending.at[who] = at[chosen]
    pending.kind[who] = kind
    pending.facility[who] = facility[chosen]
    pending.reason[who] = (stay["reason"] if reason is None else reason)[chosen]
    pending.code[who] = stay["code"][chosen]
    pending.legs[who] = stay["legs"][chosen]


def _later(stay: dict[str, np.ndarray], uniform: np.ndarray) -> np.ndarray:
    """A time of the same day, one to four hours after leaving."""
    return stay["discharged"] + HOUR + (uniform * 3 * HOUR).astype(np.int64) // 60 * 60


def _transfer(world: World, stay: dict[str, np.ndarray], draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    next_day = (stay["discharged"] // DAY + 1) * DAY + (draws[:, 2] * 12 * HOUR).astype(np.int64)
    at = np.where(draws[:, 1] < 0.65, _later(stay, draws[:, 2]), next_day)
    return world.hospitals.another(stay["facility"], draws[:, 0]), at


def _unplanned(world: World, stay: dict[str, np.ndarray], draws: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Where and when an unplanned return happens.

    On days 0 and 1 only at the hospital just left: elsewhere it would be a transfer.
    """
    limit = 1 - np.exp(-FOLLOW_UP_DAYS / RETURN_DECAY_DAYS)
    after = 1 + np.floor(-RETURN_DECAY_DAYS * np.log(1 - draws[:, 0] * limit)).astype(np.int64)
    after = np.minimum(after, FOLLOW_UP_DAYS)
    at = (stay["discharged"] // DAY + after) * DAY + (draws[:, 1] * DAY).astype(np.int64) // 60 * 60
    same_day = draws[:, 2] < DAY_ZERO_RETURN
    at = np.where(same_day, _later(stay, draws[:, 1]), at)
    elsewhere = (draws[:, 3] > SAME_HOSPITAL) & ~same_day & (after > 1)
    other = world.hospitals.another(stay["facility"], draws[:, 4])
    return np.where(elsewhere, other, stay["facility"]), at


def _planned_time(stay: dict[str, np.ndarray], draws: np.ndarray) -> np.ndarray:
    day = stay["discharged"] // DAY + 3 + (draws[:, 0] * 27).astype(np.int64)
    return day * DAY + 6 * HOUR + (draws[:, 1] * 5 * HOUR).astype(np.int64) // 60 * 60


def _die_after(state: State, stay: dict[str, np.ndarray], possible: np.ndarray, draws: np.ndarray) -> None:
    """Draw deaths within thirty days of leaving; hospice patients mostly die soon."""
    base = table("admissions")["death_30d"].to_numpy(float)[stay["reason"]]
    risk = np.minimum(base * np.exp(0.6 * stay["severity"] - 0.25 + 0.025 * (stay["age"] - 70)), 0.5)
    risk = np.where(np.isin(stay["disposition"], ["50", "51"]), 0.7, risk)
    dies = possible & (draws[:, 0] < risk)
    day = stay["discharged"] // DAY + 1 + (draws[:, 1] ** 1.5 * (FOLLOW_UP_DAYS - 1)).astype(np.int64)
    state.death_day[stay["patient"][dies]] = day[dies]
