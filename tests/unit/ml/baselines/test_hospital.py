"""HOSPITAL by hand: every boundary of each item."""

import pandas as pd
import pytest

from ml.baselines.hospital import RULES, hospital

NORMAL = {
    "last_hemoglobin": 14.0,
    "is_oncology_discharge": False,
    "last_sodium": 140.0,
    "has_procedure": False,
    "is_emergency_admission": False,
    "admissions_12m": 0,
    "los_days": 1,
}


def scored(*stays: dict) -> list[int]:
    return hospital(pd.DataFrame([{**NORMAL, **stay} for stay in stays])).tolist()


@pytest.mark.parametrize(
    ("column", "points"),
    [
        ("last_hemoglobin", {6.0: 1, 11.9: 1, 12.0: 0, 17.0: 0}),
        ("is_oncology_discharge", {False: 0, True: 2}),
        ("last_sodium", {120.0: 1, 134.9: 1, 135.0: 0, 150.0: 0}),
        ("has_procedure", {False: 0, True: 1}),
        ("is_emergency_admission", {False: 0, True: 1}),
        ("admissions_12m", {0: 0, 1: 0, 2: 2, 5: 2, 6: 5, 12: 5}),
        ("los_days", {1: 0, 4: 0, 5: 2, 30: 2}),
    ],
)
def test_points_of_each_item(column, points):
    assert scored(*({column: value} for value in points)) == list(points.values())


def test_items_add_up_to_thirteen():
    worst = {
        "last_hemoglobin": 8.0,
        "is_oncology_discharge": True,
        "last_sodium": 130.0,
        "has_procedure": True,
        "is_emergency_admission": True,
        "admissions_12m": 7,
        "los_days": 9,
    }
    assert scored(worst, {"last_sodium": 133.0, "admissions_12m": 3}, {}) == [13, 3, 0]


def test_what_is_missing_is_taken_to_be_normal():
    assert scored(dict.fromkeys(NORMAL), {"last_hemoglobin": None, "los_days": 6}) == [0, 2]


def test_items_are_those_of_the_name():
    assert [rule.column for rule in RULES] == list(NORMAL)
