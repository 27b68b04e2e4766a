"""Outpatient and telehealth visits: they fill the extract up to the number of encounters asked for."""

import numpy as np
import pandas as pd

from datagenerator.blocks import quota, stream
from datagenerator.clinical.clock import DAY, HOUR, WARM_UP_MONTHS
from datagenerator.clinical.encounters import possible
from datagenerator.clinical.nature import Rates
from datagenerator.clinical.state import World
from datagenerator.world import figures

STREAM = 9
OUTPATIENT, TELEHEALTH = 3, 4
ROUNDS = 60


def fill(
    world: World, rates: list[Rates], rows: pd.DataFrame, stays: pd.DataFrame, death: np.ndarray
) -> pd.DataFrame:
    """Return visits: in the initial extract as many as are missing, later as many as chance brings."""
    weights = np.array([month.visits for month in rates]).T
    months = np.arange(world.first_month, world.clock.months)
    opening = world.clock.period_of(world.clock.month_days[months] * DAY)
    closing = world.clock.period_of(world.clock.month_days[months + 1] * DAY - 1)
    logs = []
    for number in range(world.people.first_period, len(world.clock.ends)):
        key = (world.block.index, STREAM, world.people.first_period, number)
        rng = stream(world.arguments.seed, *key)
        inside = (months >= WARM_UP_MONTHS) & (opening <= number) & (number <= closing)
        if number == 0:
            there = int((rows["period"] == 0).sum())
            wanted = max(quota(world.arguments.encounters, world.arguments, world.block) - there, 0)
            logs.append(_exactly(world, rng, weights * inside, months, wanted, stays, death))
        else:
            count = rng.poisson(weights * inside)
            who, column = np.repeat(np.argwhere(count), count[count > 0], axis=0).T
            found = _visits(world, rng, who, months[column], stays, death)
            logs.append(found[world.clock.period_of(found["admitted"].to_numpy()) == number])
    return pd.concat(logs, ignore_index=True)


def trim(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """Drop observation stays, then emergency visits, that exceed the number asked for in period 0."""
    wanted = quota(world.arguments.encounters, world.arguments, world.block)
    first = rows["period"] == 0
    excess = int(first.sum()) - wanted
    if world.people.first_period or excess <= 0:
        return rows
    droppable = rows[first & (rows["kind"] > 0)].sort_values("kind", ascending=False, kind="stable")
    return rows.drop(index=droppable.index[:excess]).reset_index(drop=True)


def _exactly(
    world: World,
    rng: np.random.Generator,
    weights: np.ndarray,
    months: np.ndarray,
    wanted: int,
    stays: pd.DataFrame,
    death: np.ndarray,
) -> pd.DataFrame:
    """Draw until the wanted number of possible visits is there."""
    upto = np.cumsum(weights.ravel())
    logs: list[pd.DataFrame] = []
    missing = wanted
    for _ in range(ROUNDS):
        cell = np.searchsorted(upto, rng.random(missing + missing // 8 + 5) * upto[-1], side="right")
        who, column = np.divmod(np.minimum(cell, len(upto) - 1), weights.shape[1])
        fitting = _visits(world, rng, who, months[column], stays, death)
        fitting = fitting[world.clock.period_of(fitting["admitted"].to_numpy()) == 0]
        logs.append(fitting.iloc[:missing])
        missing -= len(logs[-1])
        if not missing:
            return pd.concat(logs, ignore_index=True)
    raise ValueError(
        f"block {world.block.index}: no room for {missing} of {wanted} visits; ask for fewer encounters"
    )


def _visits(
    world: World,
    rng: np.random.Generator,
    who: np.ndarray,
    month: np.ndarray,
    stays: pd.DataFrame,
    death: np.ndarray,
) -> pd.DataFrame:
    """Return visits of patients in months at office hours of working days, those that are possible."""
    draws = rng.random((len(who), 4))
    first, following = world.clock.month_days[month], world.clock.month_days[month + 1]
    day = first + (draws[:, 0] * (following - first)).astype(np.int64)
    weekday = (day + 3) % 7
    # What falls on a weekend takes place on any working day of that week.
    day = np.where(weekday >= 5, day - weekday + (draws[:, 0] * 1e6 % 5).astype(np.int64), day)
    at = day * DAY + 8 * HOUR + (draws[:, 1] * 36).astype(np.int64) * 900
    remote = draws[:, 2] < figures(world.arguments.world, "encounters")["telehealth_of_visits"]
    minutes = np.where(remote, 10, 15) + (draws[:, 3] * 40).astype(np.int64)
    residence = world.state_of_residence[who, month]
    rows = pd.DataFrame({"patient": who, "month": month, "kind": np.where(remote, TELEHEALTH, OUTPATIENT)})
    rows["admitted"], rows["discharged"] = at, at + minutes * 60
    rows["facility"] = world.hospitals.ambulatory.draw(residence, draws[:, 3])
    fits = possible(world, stays, death, who, at) & (day >= first)
    return rows[fits].reset_index(drop=True)
