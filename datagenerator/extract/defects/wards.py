"""Defects of the files about wards: beds and staffing. Sound rows stay: copies of them are spoiled."""

import numpy as np
import pandas as pd

from datagenerator.extract.changes import (
    BROKEN_DATES,
    BROKEN_NUMBERS,
    put,
    recased,
    redated,
    reformatted,
    retimed,
    spaced,
)
from datagenerator.extract.defects.shapes import NEWER, STRAY, broken, missing, repaired, synonym
from datagenerator.extract.recipes import Recipe, filled

ROLES = {"RN": "registered nurse", "LPN": "LVN", "aide": "CNA"}


def _opened_beyond_licence(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Staff a few beds more than the unit has."""
    return rows.assign(staffed_beds=rows["licensed_beds"] + rng.integers(1, 4, len(rows)))


def _parts_beyond_hours(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let overtime be more than all hours."""
    return rows.assign(overtime_hours=rows["hours_worked"] + 8.0)


def _more_leave_than_work(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Let more people leave than were there."""
    return rows.assign(leavers=rows["head_count"] + 1)


ERRORS: dict[str, tuple[Recipe, ...]] = {
    "beds": (
        Recipe("beds_negative", put("staffed_beds", -1), kind=NEWER),
        Recipe("beds_negative", put("occupied_beds", -2), kind=NEWER),
        broken("occupied_beds", BROKEN_NUMBERS, NEWER),
        missing("licensed_beds", NEWER),
        missing("bed_date", STRAY),
        broken("bed_date", BROKEN_DATES, STRAY),
    ),
    "staffing": (
        Recipe("hours_negative", put("agency_hours", -12.0), kind=NEWER),
        Recipe("parts_above_hours", _parts_beyond_hours, kind=NEWER),
        Recipe("counts_negative", put("leavers", -1), kind=NEWER),
        Recipe("payroll_negative", put("payroll_amount", -50_000), kind=NEWER),
        Recipe("leavers_above_head_count", _more_leave_than_work, kind=NEWER),
        broken("hours_worked", BROKEN_NUMBERS, NEWER),
        missing("role", STRAY),
        missing("facility_id", STRAY),
    ),
}
BLEMISHES: dict[str, tuple[Recipe, ...]] = {
    "beds": (
        repaired("unit", recased("unit")),
        repaired("bed_date", redated("bed_date")),
        repaired("facility_id", spaced("facility_id")),
        repaired("updated_at", retimed("updated_at")),
        Recipe("staffed_above_licensed", _opened_beyond_licence),
    ),
    "staffing": (
        synonym("role", ROLES),
        repaired("shift_date", redated("shift_date")),
        repaired("unit", recased("unit")),
        repaired("payroll_amount", reformatted("payroll_amount"), filled("payroll_amount")),
        Recipe("hours_without_staff", put("head_count", 0), lambda rows: rows["leavers"] == 0),
    ),
}
