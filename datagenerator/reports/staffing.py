"""staffing: nursing hours, agency, overtime, staff and pay of every open ward day, by role."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.capacity import UNITS
from datagenerator.catalogue import table
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.draws import Floats, Hashes, hashes, lognormal, uniform
from datagenerator.reports.wards import written
from datagenerator.world import figures

ROLES = ("RN", "LPN", "aide")
HOURS = ("rn_hours", "lpn_hours", "aide_hours")
# An odd number that sets the roles of one ward apart.
ROLE_STEP = np.uint64(0x9FB21C651E98DF25)
DAYS_PER_WEEK, QUARTER_DAYS = 7, 91
LONGEST_DAY = 12.0  # hours of one person
# Mean hourly wage of registered nurses in the US, of the survey that the wages by state are from (BLS OEWS).
MEAN_RN_WAGE, WAGES_OF = 42.80, pd.Timestamp("2022-05-01")
OVERTIME_PREMIUM = 0.5
DAILY_NOISE, OVERTIME_NOISE, ROSTER_SPREAD = 0.06, 0.35, 0.16
MOST_OVERTIME, MOST_AGENCY = 0.35, 0.5
AGENCY_DAYS = 0.4  # share of ward days on which agency staff come, where all of a facility's agency falls
STATE_EFFECT = np.array([1.0, 0.5, 0.5])  # wages of less trained staff differ less between states


def staffing(beds: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return one row per open ward day of `beds` (with its latent columns) and role that works in the unit.

    Hours follow the patients, overtime the patients above the budget; agency staff come on some days. Pay is
    that of employees, overtime at one and a half.
    """
    rows, role = _rows(beds, arguments)
    seed, known = arguments.seed, figures(arguments.world, "staffing")
    facility, ward = hashes(rows["facility_id"]), rows["_ward"].to_numpy() + _step(role)
    day = rows["_day"].to_numpy() + _step(role)
    hours = _round(_hours(rows, facility, day, arguments))
    overtime = _round(hours * _overtime(rows, facility, day, arguments))
    agency = _round(hours * _agency(facility, day, arguments))
    rows["head_count"] = _head_count(rows, hours - agency, ward, arguments)
    leaving = rows["head_count"] * np.array(known["yearly_attrition"])[role] / DAYS_PER_YEAR
    rows["leavers"] = np.floor(leaving + uniform(day, seed, "leaves")).astype(int)
    paid = hours - agency + OVERTIME_PREMIUM * overtime
    rows["payroll_amount"] = np.rint(100 * paid * _wages(rows, role, arguments)).astype(np.int64)
    rows["updated_at"] = written(rows["shift_date"], rows["_known"], day, arguments)
    return rows.assign(hours_worked=hours, overtime_hours=overtime, agency_hours=agency)


def _rows(beds: pd.DataFrame, arguments: Arguments) -> tuple[pd.DataFrame, npt.NDArray[np.int64]]:
    """Return the ward days once per role that works there, with target hours, and the roles' numbers."""
    known = figures(arguments.world, "staffing")
    unit = pd.Index(UNITS).get_indexer(beds["unit"])
    hours = np.array([known[name] for name in HOURS])[:, unit].T
    place, role = np.nonzero(hours)
    rows = beds.iloc[place].reset_index(drop=True).rename(columns={"bed_date": "shift_date"})
    return rows.assign(role=np.array(ROLES, dtype=object)[role], _target=hours[place, role]), role


def _step(role: npt.NDArray[np.int64]) -> Hashes:
    return (role + 1).astype(np.uint64) * ROLE_STEP


def _round(hours: Floats) -> Floats:
    return np.round(hours, 2)


def _hours(rows: pd.DataFrame, facility: Hashes, day: Hashes, arguments: Arguments) -> Floats:
    """Return the hours worked: patients x target, by hospital, weekday and season."""
    known, seed = figures(arguments.world, "staffing"), arguments.seed
    patients = rows["occupied_beds"].clip(lower=known["empty_unit"])
    weekend = 1 - 2 / DAYS_PER_WEEK * (1 - known["weekend"])
    weekday = np.where(rows["shift_date"].dt.dayofweek >= 5, known["weekend"], 1.0) / weekend
    season = 1 + known["winter"] * np.cos(2 * np.pi * rows["shift_date"].dt.dayofyear / DAYS_PER_YEAR)
    own = lognormal(facility, seed, "hours of the hospital", known["facility_spread"])
    noise = lognormal(day, seed, "hours of the day", DAILY_NOISE)
    return (patients * rows["_target"] * season).to_numpy() * weekday * own * noise


def _overtime(rows: pd.DataFrame, facility: Hashes, day: Hashes, arguments: Arguments) -> Floats:
    """Return the share of hours that are overtime: more when there are more patients than budgeted for."""
    known, seed = figures(arguments.world, "staffing"), arguments.seed
    planned = rows["_budget"] * figures(arguments.world, "beds")["staffed_occupancy"]
    excess = (rows["occupied_beds"] / planned - 1).clip(lower=0).to_numpy()
    own = lognormal(facility, seed, "overtime of the hospital", OVERTIME_NOISE)
    share = known["overtime"] * own * lognormal(day, seed, "overtime of the day", OVERTIME_NOISE)
    return np.minimum(share + known["overtime_per_excess"] * excess, MOST_OVERTIME)


def _agency(facility: Hashes, day: Hashes, arguments: Arguments) -> Floats:
    """Return the share of hours that agency staff work: a hospital's own, on the days when they come."""
    known, seed = figures(arguments.world, "staffing"), arguments.seed
    share = known["agency"] * lognormal(facility, seed, "agency of the hospital", known["agency_spread"])
    comes = uniform(day, seed, "agency comes") < AGENCY_DAYS
    return np.where(comes, np.minimum(share / AGENCY_DAYS, MOST_AGENCY), 0.0)


def _head_count(rows: pd.DataFrame, own_hours: Floats, ward: Hashes, arguments: Arguments) -> pd.Series:
    """Return the employees on the unit's roster: as many as it needs in general, and on this day at least."""
    week = figures(arguments.world, "staffing")["week_hours"]
    quarter = ((rows["shift_date"] - pd.Timestamp(0)).dt.days // QUARTER_DAYS).to_numpy(np.uint64)
    filled = 1 + ROSTER_SPREAD * (uniform(ward + quarter, arguments.seed, "posts filled") - 0.5)
    needed = rows["_expected"] * rows["_target"] * DAYS_PER_WEEK / week * filled
    return np.maximum(np.ceil(needed), np.ceil(own_hours / LONGEST_DAY)).clip(lower=1).astype(int)


def _wages(rows: pd.DataFrame, role: npt.NDArray[np.int64], arguments: Arguments) -> Floats:
    """Return dollars an hour: the role's, by state, growing from year to year.

    Wages by state are BLS OEWS of May 2022, mean hourly wage of registered nurses (29-1141).
    """
    known = figures(arguments.world, "staffing")
    by_state = table("nurse_wages").set_index("state")["rn_hourly"] / MEAN_RN_WAGE
    years = ((rows["shift_date"] - WAGES_OF).dt.days / DAYS_PER_YEAR).to_numpy()
    state = rows["_state"].map(by_state).to_numpy(float) ** STATE_EFFECT[role]
    return np.array(known["wages"])[role] * state * (1 + known["wage_growth"]) ** years
