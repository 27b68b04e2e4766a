"""Encounter rows: numbers, images as the deliveries bring them, who attended, who pays."""

import numpy as np
import pandas as pd

from datagenerator.catalogue import table
from datagenerator.clinical.admissions import principal
from datagenerator.clinical.clock import DAY, HOUR, as_times
from datagenerator.clinical.draws import by_month
from datagenerator.clinical.emergency import COLUMNS as EMERGENCY_COLUMNS
from datagenerator.clinical.emergency import left_unseen, untold
from datagenerator.clinical.hospitals import staff
from datagenerator.clinical.months import EMERGENCY
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.clinical.state import World
from datagenerator.clinical.stay_rows import split
from datagenerator.clinical.versions import Timeline

SPLIT_STREAM, ROW_STREAM = 7, 8
TYPES = ("inpatient", "emergency", "observation", "outpatient", "telehealth")
LONGEST_LAG = 36 * HOUR


def stay_log(world: World, log: list[dict[str, np.ndarray]]) -> pd.DataFrame:
    """Return the true stays of the log that begin in or after the extract, with their number `stay_id`.

    Those beyond the last delivery stay in for now: what is drawn per month must not depend on where it ends.
    """
    frame = pd.DataFrame({name: np.concatenate([wave[name] for wave in log]) for name in log[0]})
    nth = frame.groupby("patient").cumcount()
    frame["stay_id"] = world.people.number[frame["patient"]] * 10_000 + nth
    return frame[frame["admitted"] >= world.clock.first_second].reset_index(drop=True)


def visit_log(
    world: World, log: list[dict[str, np.ndarray]], stays: pd.DataFrame, death: np.ndarray
) -> pd.DataFrame:
    """Return emergency visits and observation stays that fit: alive, in the extract, not in hospital."""
    frame = pd.DataFrame({name: np.concatenate([month[name] for month in log]) for name in log[0]})
    keep = possible(world, stays, death, frame["patient"].to_numpy(), frame["admitted"].to_numpy())
    return frame[keep].reset_index(drop=True)


def possible(
    world: World, stays: pd.DataFrame, death: np.ndarray, patient: np.ndarray, at: np.ndarray
) -> np.ndarray:
    """Tell for visits whether the patient is registered, alive and not in a stay that began before."""
    known = (at >= world.clock.first_second) & (at <= world.clock.ends[-1])
    alive = (at // DAY < death[patient]) & (at // DAY > world.people.joined[patient])
    ordered = stays.sort_values(["patient", "admitted"])
    big = np.int64(10**11)
    key = ordered["patient"].to_numpy(np.int64) * big + ordered["admitted"].to_numpy()
    if not len(key):
        return known & alive
    before = np.maximum(np.searchsorted(key, patient.astype(np.int64) * big + at, side="right") - 1, 0)
    same = ordered["patient"].to_numpy()[before] == patient
    inside = (
        same
        & (ordered["admitted"].to_numpy()[before] <= at)
        & (at <= ordered["discharged"].to_numpy()[before])
    )
    return known & alive & ~inside


def stay_rows(world: World, stays: pd.DataFrame) -> pd.DataFrame:
    """Return the encounter rows of the stays with all that they inherit."""
    key = (world.arguments.seed, world.block.index, SPLIT_STREAM, world.people.first_period)
    rows = split(stays, by_month(key, stays["month"].to_numpy(), 4))
    names = [
        "patient",
        "month",
        "facility",
        "reason",
        "code",
        "admit_type",
        "admit_source",
        "unit",
        "severity",
        "age",
    ]
    inherited = stays.loc[rows["stay"], [*names, "stay_id", "admitted"]].reset_index(drop=True)
    rows = rows.join(inherited.rename(columns={"admitted": "stay_admitted"}))
    return rows.assign(kind=0).drop(columns="stay")


def number_rows(world: World, rows: pd.DataFrame) -> pd.DataFrame:
    """Number each patient's rows in the order in which deliveries bring them; drop those not yet begun.

    From here on `month` tells the row's own month and period, whose stream its details are drawn from.
    """
    admitted = rows["admitted"].to_numpy()
    period = world.clock.period_of(admitted)
    rows = rows.assign(period=period, month=world.clock.month_of(admitted) * 1_000 + period)
    rows = rows[rows["period"] < len(world.clock.ends)]
    order = ["patient", "period", "admitted", "kind", "discharged", "facility"]
    rows = rows.sort_values(order, kind="stable", ignore_index=True)
    rows["number"] = rows.groupby("patient").cumcount() + 1
    digits = [
        f"{patient:08d}{number:04d}"
        for patient, number in zip(world.people.number[rows["patient"]], rows["number"], strict=True)
    ]
    return rows.assign(digits=np.array(digits, dtype=object))


def landing(world: World, rows: pd.DataFrame, payer: Timeline, primary: Timeline) -> pd.DataFrame:
    """Return the encounters landing rows with `_known`; a row still open at a period's end has two images."""
    key = (world.arguments.seed, world.block.index, ROW_STREAM, world.people.first_period)
    draws = by_month(key, rows["month"].to_numpy(), 8)
    kind = rows["kind"].to_numpy()
    inpatient = kind == 0
    frame = pd.DataFrame({"encounter_id": "E" + rows["digits"]})
    frame["patient_id"] = [f"P{number:08d}" for number in world.people.number[rows["patient"]]]
    frame["facility_id"] = world.hospitals.facility_id[rows["facility"]]
    frame["provider_id"] = _attending(world, rows, draws, primary)
    frame["encounter_type"] = np.array(TYPES)[kind]
    frame["admitted_at"] = as_times(rows["admitted"].to_numpy())
    frame["discharged_at"] = as_times(rows["discharged"].to_numpy())
    urgent = np.where(kind == EMERGENCY, "1", "2")
    frame["admit_type"] = np.where(inpatient, rows["admit_type"], np.where(kind <= 2, urgent, "3"))
    frame["admit_source"] = np.where(inpatient, rows["admit_source"], "1")
    frame["discharge_disposition"] = _disposition(rows, draws)
    frame["bill_frequency"] = np.where(inpatient, rows["bill_frequency"], "1")
    frame["unit"] = np.where(inpatient, rows["unit"], None)
    frame[list(EMERGENCY_COLUMNS)] = rows[list(EMERGENCY_COLUMNS)]
    frame["admitting_diagnosis_code"] = rows["admitting_code"].to_numpy()
    frame["drg"] = np.where(inpatient, rows["drg"], None)
    frame["payer_id"] = payer.at(rows["patient"].to_numpy(), rows["admitted"].to_numpy() // DAY)
    latent = {"stay_id": "_stay", "severity": "_severity", "weight": "_drg_weight", "reason_name": "_reason"}
    frame = frame.assign(**{new: rows[old].to_numpy() for old, new in latent.items()})
    lag = HOUR + (draws[:, 7] * LONGEST_LAG).astype(np.int64)
    return _images(world, frame, rows, lag)


def _attending(world: World, rows: pd.DataFrame, draws: np.ndarray, primary: Timeline) -> np.ndarray:
    team = staff(world.arguments)
    kind = rows["kind"].to_numpy()
    day = rows["admitted"].to_numpy() // DAY
    adult = day - world.people.birth[rows["patient"]] >= 18 * DAYS_PER_YEAR
    inside = rows["unit"].fillna("medical").to_numpy()
    wanted = np.select([kind == 0, (kind <= 2), adult], [inside, "emergency", "visit"], "child")
    wanted = np.where((wanted == "medical") & ~adult, "child", wanted)
    number = pd.Series(wanted).map({name: place for place, name in enumerate(team.kinds)}).to_numpy()
    drawn = team.draw(rows["facility"].to_numpy(), number, draws[:, 0])
    own = primary.at(rows["patient"].to_numpy(), day)
    return np.where((kind >= 3) & (draws[:, 1] < 0.5), own, drawn)


def _disposition(rows: pd.DataFrame, draws: np.ndarray) -> np.ndarray:
    visit = np.where((draws[:, 2] < 0.02) | left_unseen(rows), "07", "01")
    return np.where(rows["kind"] == 0, rows["disposition"], np.where(rows["kind"] <= 2, visit, "01"))


def _images(world: World, frame: pd.DataFrame, rows: pd.DataFrame, lag: np.ndarray) -> pd.DataFrame:
    clock = world.clock
    begun, left = rows["admitted"].to_numpy(), rows["discharged"].to_numpy()
    known = clock.period_of(begun)
    is_open = left > clock.end_of(known)
    written = np.minimum(np.where(is_open, begun, left) + lag, clock.end_of(known))
    first = frame.assign(_known=known, updated_at=as_times(written))
    hidden = ["drg", "bill_frequency"]
    first.loc[is_open, hidden] = None
    first.loc[is_open, "discharged_at"] = pd.NaT
    first.loc[is_open, "discharge_disposition"] = "30"
    closed = clock.period_of(left)
    written = np.minimum(left + lag, clock.end_of(closed))
    later = frame.assign(_known=closed, updated_at=as_times(written))[is_open & (closed < len(clock.ends))]
    return untold(pd.concat([first, later], ignore_index=True))


def add_codes(rows: pd.DataFrame) -> pd.DataFrame:
    """Add admitting diagnosis, DRG with its weight and the reason's name to the rows of stays."""
    reasons = table("admissions")
    reason = rows["reason"].to_numpy(int)
    grade = np.digitize(rows["severity"].to_numpy(float), [0.2, 1.0])
    groups = reasons[["drg", "drg_cc", "drg_mcc"]].to_numpy()[reason, grade]
    weights = reasons[["weight", "weight_cc", "weight_mcc"]].to_numpy(float)[reason, grade]
    codes = principal().rows["code"].to_numpy()[rows["code"].to_numpy(int)]
    names = reasons["reason"].to_numpy()[reason]
    return rows.assign(
        principal=codes, admitting_code=codes, drg=groups, weight=weights, reason_name=names, grade=grade
    )
