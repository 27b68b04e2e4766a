"""How often, how sick, how long: the rates and probabilities of the simulated world."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from datagenerator.arguments import Arguments
from datagenerator.catalogue import columns, table
from datagenerator.clinical.population import DAYS_PER_YEAR, Population
from datagenerator.world import figures

LOS_DISPERSION = 4.0


@dataclass(frozen=True)
class Rates:
    """Expected events of a patient in one month, arrays by patient."""

    inpatient: np.ndarray
    emergency: np.ndarray
    observation: np.ndarray
    visits: np.ndarray


@lru_cache
def shares(world: str) -> dict[str, float]:
    """Return the shares of all encounters that the base rates aim at; `visits` take what is left."""
    asked = figures(world, "encounters")
    urgent = {kind: float(asked[kind]) for kind in ("inpatient", "emergency", "observation")}
    return {**urgent, "visits": 1 - sum(urgent.values())}


@lru_cache(maxsize=8)
def scale(arguments: Arguments) -> float:
    """Return encounters per patient and month that the request asks for."""
    months = max((arguments.end - arguments.start).days / (DAYS_PER_YEAR / 12), 1.0)
    return arguments.encounters / arguments.patients / months


@lru_cache
def usual_means() -> dict[str, float]:
    """Return the means of the relative rates over a population as drawn here, from the pilot's table."""
    known = table("usual_rates")
    return dict(zip(known["rate"], known["mean"].astype(float), strict=True))


def age_at(people: Population, day: int | np.ndarray) -> np.ndarray:
    """Return ages in years on a day."""
    return (day - people.birth) / DAYS_PER_YEAR


def rates(arguments: Arguments, people: Population, day: int, prior: np.ndarray) -> Rates:
    """Return the month's rates of background events for the patients as they are on `day`.

    `prior` is the number of admissions in the last year: admitted once, admitted again.
    """
    effect = columns(table("chronic"), "inpatient", "emergency", "visits")
    has, age = people.has(day), age_at(people, day)
    base, mean, share = scale(arguments), usual_means(), shares(arguments.world)
    added = rows_per_admission(arguments.readmission_rate)
    young_woman = people.female & (age >= 18) & (age < 42)
    frequent = np.exp(
        0.465 * people.frailty
        + has @ effect["inpatient"]
        + 0.012 * (age - 55)
        + 0.8 * young_woman
        + 0.10 * np.minimum(prior, 4)
    )
    urgent = np.exp(0.30 * people.frailty + has @ effect["emergency"] + 0.15 * np.abs(age - 50) / 20)
    often = np.log(figures(arguments.world, "money")["high_cost_visits"])
    visits = np.exp(
        0.10 * people.frailty
        + has @ effect["visits"]
        + 0.004 * (age - 55)
        + often * (people.is_high_cost - arguments.high_cost_share)
    )
    return Rates(
        inpatient=base * share["inpatient"] * frequent / mean["inpatient"] / added,
        emergency=base * share["emergency"] * urgent / mean["emergency"],
        observation=base * share["observation"] * urgent / mean["emergency"],
        visits=base * share["visits"] * visits / mean["visits"],
    )


def monthly_death(people: Population, day: int) -> np.ndarray:
    """Return each patient's chance to die in a month neither in hospital nor within 30 days after.

    A part of a Gompertz hazard close to the US life table; the rest dies in or after hospital care.
    """
    effect = columns(table("chronic"), "death")["death"]
    yearly = 0.0008 * np.exp(0.088 * (age_at(people, day) - 50) + 0.5 * (people.has(day) @ effect))
    return 1 - np.exp(-np.minimum(yearly, 1.5) / 12)


def reason_weights(people: Population, who: np.ndarray, day: int, month: int) -> np.ndarray:
    """Return patients x admission reasons: how likely each reason is, not normalised."""
    reasons, chronic = table("admissions"), table("chronic")["condition"].to_list()
    age = age_at(people, day)[who]
    bands = reasons[["w_child", "w_young", "w_middle", "w_old", "w_oldest"]].to_numpy(float)
    weights = bands[:, np.searchsorted([18, 45, 65, 80], age, side="right")].T.copy()
    driver = np.array([chronic.index(name) if name else 0 for name in reasons["driver"]])
    factor = reasons["driver_factor"].to_numpy(float)
    without = np.where(reasons["needs_driver"].to_numpy() == 1, 0.0, 1.0)
    weights *= np.where(people.has(day)[who][:, driver], factor, without)
    sex = reasons["sex"].to_numpy()
    female = people.female[who][:, None]
    weights *= ~((sex == "M") & female | (sex == "F") & ~female)
    winter = 1 + reasons["winter"].to_numpy(float) * np.cos(2 * np.pi * (month - 1) / 12)
    return weights * winter


@lru_cache(maxsize=32)
def readmission_intercept(rate: float) -> float:
    """Return the intercept of the readmission model that gives the asked rate, from the pilot's table."""
    return _from_pilot("intercept", rate)


@lru_cache(maxsize=32)
def rows_per_admission(rate: float) -> float:
    """Return inpatient rows per background admission: returns, transfers and split bills come on top."""
    return _from_pilot("rows_per_admission", rate)


def _from_pilot(column: str, rate: float) -> float:
    """Interpolate the pilot's table on the logit scale, in a straight line beyond its ends."""
    known = table("readmission_pilot")
    logit = np.log(known["rate"] / (1 - known["rate"])).to_numpy()
    values = known[column].to_numpy(float)
    asked = np.log(np.clip(rate, 1e-4, 0.95) / (1 - np.clip(rate, 1e-4, 0.95)))
    place = int(np.clip(np.searchsorted(logit, asked), 1, len(logit) - 1))
    slope = (values[place] - values[place - 1]) / (logit[place] - logit[place - 1])
    return float(values[place - 1] + slope * (asked - logit[place - 1]))
