"""The people of a block: who they are by nature, before anything happens to them."""

from dataclasses import dataclass

import numpy as np

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block, quota, stream
from datagenerator.catalogue import table
from datagenerator.clinical.clock import NEVER, Clock, day_number
from datagenerator.world import figures, overridden

STREAM = 1
DAYS_PER_YEAR = 365.25
# High-cost patients are frailer by nature; how much dearer, and seen more often, the world's figures say.
HIGH_COST_FRAILTY = 0.8


@dataclass(frozen=True)
class Population:
    """Latent patients of one cohort, arrays by patient.

    `onset` (patients x chronic conditions) is the day on which a condition begins, `NEVER` if it does not.
    """

    number: np.ndarray
    birth: np.ndarray
    female: np.ndarray
    frailty: np.ndarray
    is_high_cost: np.ndarray
    cost_factor: np.ndarray
    onset: np.ndarray
    joined: np.ndarray
    first_period: int

    @property
    def size(self) -> int:
        """Number of patients."""
        return len(self.number)

    def has(self, day: int) -> np.ndarray:
        """Return patients x conditions: which conditions are there on the day."""
        return self.onset <= day


def numbers(arguments: Arguments, block: Block, period: int) -> np.ndarray:
    """Return the numbers (from 1) of the block's patients who first appear in the period."""
    if period == 0:
        return np.arange(block.first, block.first + block.size) + 1
    share = figures(arguments.world, "people")["newcomers_per_month"]
    monthly = int(arguments.patients * share)
    upto = arguments.patients + (period - 1) * monthly + monthly * block.first // arguments.patients
    return upto + np.arange(quota(monthly, arguments, block)) + 1


def population(arguments: Arguments, block: Block, clock: Clock, period: int = 0) -> Population:
    """Draw the cohort of the block that joins in the period (0: those there from the start)."""
    rng = stream(arguments.seed, block.index, STREAM, period)
    number = numbers(arguments, block, period)
    size = len(number)
    middle = (day_number(arguments.start) + day_number(arguments.end)) // 2
    age = _truncated_ages(arguments, rng, size)
    birth = np.minimum(middle - (age * DAYS_PER_YEAR).astype(int), clock.start - 30)
    female = rng.random(size) < 0.51 + 0.08 * (age > 75)
    is_high_cost = rng.random(size) < arguments.high_cost_share
    frailty = rng.normal(0, 1, size) + HIGH_COST_FRAILTY * (is_high_cost - arguments.high_cost_share)
    money = figures(arguments.world, "money")
    sigma = money["cost_sigma"]
    cost = np.exp(rng.normal(-(sigma**2) / 2, sigma, size)) * np.where(
        is_high_cost, money["high_cost_factor"], 1.0
    )
    onset = _onsets(arguments, rng, birth, female, frailty)
    joined = np.maximum(clock.start - rng.integers(3, 2_500, size), birth + 1)
    if period:
        joined = np.full(size, clock.start)
    return Population(number, birth, female, frailty, is_high_cost, cost, onset, joined, period)


def _truncated_ages(arguments: Arguments, rng: np.random.Generator, size: int) -> np.ndarray:
    people = figures(arguments.world, "people")
    lowest, highest = people["age_limits"]
    ages = rng.normal(people["age_mean"], people["age_sd"], (size, 8))
    first = ((ages >= lowest) & (ages <= highest)).argmax(axis=1)
    return np.clip(ages[np.arange(size), first], lowest, highest)


def _onsets(
    arguments: Arguments,
    rng: np.random.Generator,
    birth: np.ndarray,
    female: np.ndarray,
    frailty: np.ndarray,
) -> np.ndarray:
    """Return the days on which conditions begin.

    Solved for the age at which prevalence = ceiling x logistic((age - half_age) / slope + traits) passes a
    patient's own uniform number, so that prevalence at any age is exactly that curve.
    """
    chronic = table("chronic")
    uniform = rng.random((len(birth), len(chronic)))
    ceiling = overridden(arguments.world, "ceiling", chronic["condition"], chronic["ceiling"])
    share = np.minimum(uniform / ceiling, 1 - 1e-12)
    traits = np.outer(frailty, chronic["frailty"]) + np.outer(female, chronic["female"])
    logit = np.log(share / (1 - share))
    age = chronic["half_age"].to_numpy(float) + chronic["slope"].to_numpy(float) * (logit - traits)
    days = birth[:, None] + np.maximum(age, 0.1) * DAYS_PER_YEAR
    return np.where((uniform < ceiling) & (age < 110), days, NEVER).astype(np.int64)
