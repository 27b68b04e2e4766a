"""The months of a cohort, one after the other, each from a random stream of its own."""

import numpy as np

from datagenerator.blocks import stream
from datagenerator.clinical.admissions import admit
from datagenerator.clinical.clock import DAY, HOUR, NEVER, WARM_UP_MONTHS
from datagenerator.clinical.nature import Rates, monthly_death, rates
from datagenerator.clinical.state import State, World, fresh

STREAM = 2
EMERGENCY, OBSERVATION = 1, 2


def live(world: World) -> tuple[State, list[Rates]]:
    """Simulate all months of the clock; return the end state with its log, and each month's rates."""
    state, seen = fresh(world.people.size), []
    _start_log(world, state)
    for month in range(world.first_month, world.clock.months):
        key = (world.block.index, STREAM, world.people.first_period, month)
        rng = stream(world.arguments.seed, *key)
        state.turn_month()
        first = int(world.clock.month_days[month])
        now = rates(world.arguments, world.people, first, state.prior_admissions())
        seen.append(now)
        _live_month(world, state, month, now, rng)
    return state, seen


def _start_log(world: World, state: State) -> None:
    """Log an admission of nobody, so that the log has its columns even where nobody is ever admitted."""
    nobody = np.array([], dtype=np.int64)
    admit(world, state, world.first_month, nobody, nobody, stream(0))


def _live_month(world: World, state: State, month: int, now: Rates, rng: np.random.Generator) -> None:
    first, following = world.clock.month_days[month : month + 2]
    size, length = world.people.size, following - first
    background = np.where(
        rng.random(size) < 1 - np.exp(-now.inpatient), first + rng.integers(0, length, size), NEVER
    )
    dying = _deaths(world, state, month, rng)
    background[(background >= dying) | (background < world.people.joined)] = NEVER
    _visits(world, state, month, EMERGENCY, now.emergency, rng)
    _visits(world, state, month, OBSERVATION, now.observation, rng)
    for _ in range(length):
        who, day = _next_admissions(state, background, int(following))
        if not len(who):
            break
        admit(world, state, month, who, day, rng)
        dying[who] = NEVER
    state.death_day = np.minimum(state.death_day, dying)


def _deaths(world: World, state: State, month: int, rng: np.random.Generator) -> np.ndarray:
    """Return the days on which patients die at home this month; those in care have their own fate."""
    first, following = world.clock.month_days[month : month + 2]
    size = world.people.size
    chance = monthly_death(world.people, int(first))
    day = first + rng.integers(0, following - first, size)
    dies = rng.random(size) < chance
    free = (state.pending.at == NEVER) & (state.clear_from <= day) & (state.death_day == NEVER)
    dies &= free & (month >= WARM_UP_MONTHS) & (day > world.people.joined)
    return np.where(dies, day, NEVER)


def _next_admissions(state: State, background: np.ndarray, until: int) -> tuple[np.ndarray, np.ndarray]:
    """Return each patient's next admission before the day `until`.

    Background ones that fall into hospital care or its follow-up, or after death, are dropped.
    """
    dropped = (background < state.clear_from) | (background >= state.death_day) | (state.pending.at < NEVER)
    background[dropped] = NEVER
    day = np.minimum(state.pending.at // DAY, background)
    who = np.flatnonzero(day < until)
    chosen = day[who]
    background[who] = NEVER
    return who, chosen


def _visits(
    world: World, state: State, month: int, kind: int, expected: np.ndarray, rng: np.random.Generator
) -> None:
    """Draw emergency visits or observation stays of the month; what falls into a stay is dropped later."""
    first, following = world.clock.month_days[month : month + 2]
    count = rng.poisson(np.minimum(expected, 20.0))
    who = np.repeat(np.arange(len(count)), count)
    at = first * DAY + (rng.random(len(who)) * (following - first) * DAY).astype(np.int64) // 60 * 60
    draws = rng.random((len(who), 4))
    hours = 1 + 7 * draws[:, 0] ** 2 if kind == EMERGENCY else 8 + 38 * draws[:, 0]
    facility = world.hospitals.acute.draw(world.state_of_residence[who, month], draws[:, 1])
    log = {"patient": who, "month": np.full(len(who), month), "kind": np.full(len(who), kind)}
    log |= {
        "admitted": at,
        "discharged": at + (hours * HOUR).astype(np.int64) // 60 * 60,
        "facility": facility,
    }
    state.visits.append(log)
    if kind == EMERGENCY:
        state.emergencies[:, 0] += count
