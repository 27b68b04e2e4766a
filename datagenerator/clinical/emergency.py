"""The way through an emergency department: arrival, triage, provider, decision, departure.

Numbers come from the id of the visit or the stay, so that they shift no others.
"""

import numpy as np
import pandas as pd

from datagenerator.clinical.clock import HOUR, NEVER, as_times
from datagenerator.clinical.months import EMERGENCY
from datagenerator.clinical.state import World
from datagenerator.draws import Floats, Hashes, hashes, lognormal, uniform
from datagenerator.world import figures

TIMES = ("arrived_at", "triaged_at", "provider_seen_at", "decided_at", "departed_at")
COLUMNS = (*TIMES, "triage_level", "is_left_without_being_seen")
MINUTE = 60
# Priority (FL 14) and origin (FL 15) of those who come in through the door of the emergency department.
URGENT, TRANSFERRED = ("1", "5"), "4"
# Who leaves hospital care shortly before an admission was never at the door.
LEAST_MINUTES_BEFORE_ADMISSION = 45
# How much of a visit of given length may pass before the provider, and of the rest before the decision.
LONGEST_WAIT, EARLIEST_DECISION = 0.6, 0.5
FACILITY_SIGMA, WAIT_SIGMA, WORKUP_SIGMA, BOARDING_SIGMA = 0.20, 0.60, 0.45, 0.80
MONDAY, MONDAY_CROWDING = 4, 1.15  # the fourth day after 1970-01-01 was a Monday
# Mean over a usual block of what makes people leave: crowding, among those who are not urgent.
USUAL_TILT = 0.93
SEEN_AT_ONCE = 0.3


def with_emergency(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """Return encounter rows with `COLUMNS`, empty for those who were in no emergency department.

    Emergency visits arrive at admission and depart at discharge; stays that began there arrive before the
    admission, and depart, after boarding, within the stay. Times are whole minutes, in order.
    """
    base = _base(rows)
    at_visit = rows["kind"].to_numpy() == EMERGENCY
    room = _minutes_since_last_care(rows)
    admitted = _admitted_through(rows) & (room >= LEAST_MINUTES_BEFORE_ADMISSION)
    level = _triage_level(world, rows, base, at_visit)
    crowding = _crowding(world, rows)
    waits = _waits(world, base, level, crowding)
    left = at_visit & _leaves(world, base, level, crowding)
    visits = _visit_times(world, rows, base, waits)
    stays = _stay_times(world, rows, base, waits, room, crowding)
    frame = pd.DataFrame(index=rows.index)
    for name, visit, stay in zip(TIMES, visits, stays, strict=True):
        at = np.select([at_visit, admitted], [visit, stay], NEVER)
        unseen = left & (name in ("provider_seen_at", "decided_at"))
        frame[name] = as_times(np.where(unseen, NEVER, at))
    frame["triage_level"] = pd.Series(level, rows.index, "Int64").where(at_visit | admitted)
    frame["is_left_without_being_seen"] = pd.Series(left, rows.index, "boolean").where(at_visit)
    return rows.join(frame)


def untold(images: pd.DataFrame) -> pd.DataFrame:
    """Return images of encounters without the times that lie after they were written."""
    frame = images.copy()
    for name in TIMES:
        frame[name] = frame[name].where(frame[name] <= frame["updated_at"])
    frame["triage_level"] = frame["triage_level"].where(frame["triaged_at"].notna())
    has_ended = frame["discharged_at"].notna()
    frame["is_left_without_being_seen"] = frame["is_left_without_being_seen"].where(has_ended)
    return frame


def treated(rows: pd.DataFrame, coded: pd.DataFrame, first_remains: bool) -> pd.DataFrame:
    """Return diagnoses or procedures without those of visits that ended before a provider came.

    `first_remains` keeps the one of rank 1: the diagnosis that says so.
    """
    left = "E" + rows.loc[left_unseen(rows), "digits"]
    dropped = coded["encounter_id"].isin(left)
    if first_remains:
        dropped &= coded["sequence"] > 1
    return coded[~dropped].reset_index(drop=True)


def left_unseen(rows: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which rows are visits that ended before a provider came."""
    return rows["is_left_without_being_seen"].fillna(False).astype(bool)


def _base(rows: pd.DataFrame) -> Hashes:
    """Return a hash per visit or stay: rows that repeat a stay tell the same of it."""
    stay = rows["stay_id"].fillna(-1).astype(np.int64).astype(str)
    return hashes(pd.Series(np.where(rows["stay_id"].notna(), "S" + stay, "E" + rows["digits"])))


def _admitted_through(rows: pd.DataFrame) -> np.ndarray:
    """Tell which rows begin a stay that came in as an emergency; births go to their own ward."""
    begins = (rows["kind"] == 0) & rows["stay_id"].notna() & (rows["admitted"] == rows["stay_admitted"])
    urgent = rows["admit_type"].isin(URGENT) & (rows["admit_source"] != TRANSFERRED)
    return (begins & urgent & (rows["unit"] != "maternity")).to_numpy(bool)


def _minutes_since_last_care(rows: pd.DataFrame) -> Floats:
    """Return the minutes from the end of all that began before to each row's admission."""
    spell = rows["stay_id"].fillna(pd.Series(-1 - np.arange(len(rows)), rows.index, dtype=float))
    spans = rows.assign(spell=spell).groupby(["patient", "spell"], as_index=False)
    known = spans.agg(begin=("admitted", "min"), end=("discharged", "max"))
    known = known.sort_values(["patient", "begin", "end", "spell"], kind="stable")
    before = known.groupby("patient")["end"].cummax().groupby(known["patient"]).shift(1)
    known["room"] = ((known["begin"] - before) / MINUTE).fillna(np.inf)
    keys = pd.MultiIndex.from_arrays([rows["patient"], spell])
    return known.set_index(["patient", "spell"])["room"].reindex(keys).to_numpy(float)


def _triage_level(world: World, rows: pd.DataFrame, base: Hashes, at_visit: np.ndarray) -> np.ndarray:
    """Return the levels of the Emergency Severity Index: 1 at once, to 5 not urgent."""
    usual = figures(world.arguments.world, "emergency")
    number = uniform(base, world.arguments.seed, "triage level")
    odds = number / (1 - number) * np.exp(-0.5 * rows["severity"].fillna(0).to_numpy(float))
    share = odds / (1 + odds)
    released = np.searchsorted(np.cumsum(usual["triage_levels"])[:-1], share, side="right")
    admitted = np.searchsorted(np.cumsum(usual["triage_levels_admitted"])[:-1], share, side="right")
    return 1 + np.where(at_visit, released, admitted)


def _crowding(world: World, rows: pd.DataFrame) -> Floats:
    """Return by how much queues are longer than usual: by hour, weekday and facility."""
    usual = figures(world.arguments.world, "emergency")
    at = rows["admitted"].to_numpy()
    hour = at // HOUR % 24
    first, last = usual["crowded_hours"]
    busy = np.where((hour >= first) & (hour < last), usual["crowding"], 1 / usual["crowding"])
    monday = (at // (24 * HOUR)) % 7 == MONDAY
    place = hashes(pd.Series(world.hospitals.facility_id[rows["facility"].to_numpy(int)]))
    slow = lognormal(place, world.arguments.seed, "emergency department", FACILITY_SIGMA)
    return busy * np.where(monday, MONDAY_CROWDING, 1.0) * slow


def _around(median: Floats | float, base: Hashes, seed: int, purpose: str, sigma: float) -> Floats:
    return median * lognormal(base, seed, purpose, sigma) * np.exp(sigma**2 / 2)


def _waits(world: World, base: Hashes, level: np.ndarray, crowding: Floats) -> tuple[Floats, Floats]:
    """Return the minutes from the door to triage and to the provider."""
    usual, seed = figures(world.arguments.world, "emergency"), world.arguments.seed
    door = usual["door_to_triage"] * np.sqrt(crowding) * np.where(level == 1, SEEN_AT_ONCE, 1.0)
    triage = _around(door, base, seed, "door to triage", WAIT_SIGMA)
    queue = np.array(usual["provider_queue"], dtype=float)[level - 1] * crowding
    return triage, triage + _around(queue, base, seed, "triage to provider", WAIT_SIGMA)


def _leaves(world: World, base: Hashes, level: np.ndarray, crowding: Floats) -> np.ndarray:
    """Tell who leaves without being seen: those not urgent, where and when it is crowded."""
    share = figures(world.arguments.world, "emergency")["left_without_being_seen"]
    chance = share * (level >= 3) * crowding / USUAL_TILT
    return uniform(base, world.arguments.seed, "leaves unseen") < chance


def _visit_times(
    world: World, rows: pd.DataFrame, base: Hashes, waits: tuple[Floats, Floats]
) -> list[np.ndarray]:
    """Return the five times of a visit whose length is given."""
    usual, seed = figures(world.arguments.world, "emergency"), world.arguments.seed
    arrived, departed = rows["admitted"].to_numpy(), rows["discharged"].to_numpy()
    length = (departed - arrived) / MINUTE
    seen = np.minimum(waits[1], LONGEST_WAIT * length)
    triaged = np.minimum(waits[0], seen)
    leaving = _around(usual["decision_to_discharge"], base, seed, "decision to discharge", WORKUP_SIGMA)
    decided = np.maximum(length - leaving, seen + EARLIEST_DECISION * (length - seen))
    return [arrived, *(_after(arrived, minutes) for minutes in (triaged, seen, decided)), departed]


def _stay_times(
    world: World,
    rows: pd.DataFrame,
    base: Hashes,
    waits: tuple[Floats, Floats],
    room: Floats,
    crowding: Floats,
) -> list[np.ndarray]:
    """Return the five times of an admission: squeezed into the time since the patient's last care."""
    usual, seed = figures(world.arguments.world, "emergency"), world.arguments.seed
    admitted, discharged = rows["admitted"].to_numpy(), rows["discharged"].to_numpy()
    order = _around(usual["decision_to_admission"], base, seed, "decision to admission", WORKUP_SIGMA)
    workup = _around(usual["provider_to_decision"], base, seed, "provider to decision", WORKUP_SIGMA)
    before = np.floor(waits[1] + workup + order)
    squeezed = np.minimum(1.0, 0.9 * room / before)
    arrived = _after(admitted, -before * squeezed)
    decided = waits[1] + workup
    steps = [_after(arrived, minutes * squeezed) for minutes in (*waits, decided)]
    ward = np.where(rows["unit"] == "psychiatric", usual["boarding_psychiatric"], usual["boarding"])
    boarding = _around(ward * crowding, base, seed, "boarding", BOARDING_SIGMA)
    longest = (discharged - admitted) / MINUTE * LONGEST_WAIT
    departed = _after(admitted, np.clip(boarding - order * squeezed, 0, longest))
    return [arrived, *(np.minimum(step, admitted) for step in steps), departed]


def _after(at: np.ndarray, minutes: Floats) -> np.ndarray:
    """Return a time so many minutes later, in whole minutes."""
    return at + np.floor(np.nan_to_num(minutes, posinf=0, neginf=0)).astype(np.int64) * MINUTE
