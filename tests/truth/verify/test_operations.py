"""Wards against patients, reports and staff: what does not fit together must be told."""

import json
from datetime import date
from decimal import Decimal

import polars as pl
import pytest

from carelake.verify import operations
from carelake.verify.check import Check
from carelake.verify.tables import LakeTables
from tests.truth.verify.small_lake import REGISTRY, at, write

ENCOUNTERS = REGISTRY.contracts["silver/encounters"]
ICU = {"facility_id": "F1", "unit": "icu"}
STAY = {**ICU, "patient_id": "P1", "encounter_type": "inpatient"}
ENDS = [{"delivery": ".", "data_through": at("2024-01-31 23:59:59")}]
TWO_ENDS = [*ENDS, {"delivery": "2024-03-01", "data_through": at("2024-02-29 23:59:59")}]


def stay(number: int, admitted: str, discharged: str | None, **more) -> dict:
    left = at(discharged) if discharged else None
    return {**STAY, "encounter_id": f"E{number}", "admitted_at": at(admitted), "discharged_at": left, **more}


def bed(day: str, occupied: int, **more) -> dict:
    return {**ICU, "bed_date": date.fromisoformat(day), "staffed_beds": 3, "occupied_beds": occupied, **more}


def shift(day: str, role: str = "RN", hours: float = 24.0, agency: float = 0.0, pay: str = "900.00") -> dict:
    return {
        **ICU,
        "shift_date": date.fromisoformat(day),
        "role": role,
        "hours_worked": hours,
        "overtime_hours": 2.0,
        "agency_hours": agency,
        "payroll_amount": Decimal(pay),
    }


# P1 is there from the 30th on, cut into two bills, P2 for a day; P1 is still there when the month ends.
STAYS = [
    stay(1, "2024-01-29 10:00", "2024-01-30 08:00"),
    stay(2, "2024-01-30 08:00", None),
    stay(3, "2024-01-30 07:00", "2024-01-30 18:00", patient_id="P2"),
]
BEDS = [bed("2024-01-29", 1), bed("2024-01-30", 2), bed("2024-01-31", 1)]
REPORT = {**ICU, "month": date(2024, 1, 1), "patient_days": 4, "updated_at": at("2024-01-31 21:59:59")}
SHIFTS = [shift(f"2024-01-{day}") for day in (29, 30, 31)]
LAKE = {
    "silver/encounters": STAYS,
    "silver/beds": BEDS,
    "silver/staffing": SHIFTS,
    "silver/hai_data": [REPORT],
    "silver/deliveries": ENDS,
}


def broken(**text: str) -> dict:
    """Return a row in quarantine, given its text; columns not named are those of a stay on the 30th."""
    raw = {
        **ICU,
        "encounter_id": "E9",
        "admitted_at": "2024-01-30 10:00:00",
        "discharged_at": "2024-01-31 09:00:00",
        "updated_at": "2024-01-31 10:00:00",
        **text,
    }
    return {"_raw": json.dumps(raw), "_reasons": ["some_rule"]}


@pytest.fixture
def checked(data):
    """What is said of the lake with some of its tables changed."""

    def of(**changed: list[dict]) -> dict[str, Check]:
        tables = LAKE | {name.replace("__", "/"): rows for name, rows in changed.items()}
        for name, rows in tables.items():
            write(data, name, rows)
        found = operations.reconciled(LakeTables(data / "lake"), ENCOUNTERS)
        return {check.name.removeprefix("operations/"): check for check in found}

    return of


def counts(check: Check) -> tuple:
    return check.status, check.expected, check.missing, check.false_alarms


def test_a_sound_lake_agrees(checked):
    found = checked()
    assert {name: counts(check) for name, check in found.items()} == {
        "census": ("ok", 4, 0, 0),
        "hai_data": ("ok", 4, 0, 0),
        "staffing": ("ok", 3, 0, 0),
        "pay": ("ok", 3, 0, 0),
    }


def test_a_bed_without_a_patient_is_missing_one(checked):
    found = checked(silver__beds=[bed("2024-01-28", 1), *BEDS])["census"]
    assert counts(found) == ("failed", 5, 1, 0)
    assert found.detail == "another census in F1 icu 2024-01-28"


@pytest.mark.parametrize("beds", [BEDS[1:], [bed("2024-01-29", 0), *BEDS[1:]]])
def test_a_patient_without_a_bed_is_one_too_many(checked, beds):
    assert counts(checked(silver__beds=beds)["census"])[2:] == (0, 1)


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ({}, "ok"),
        ({"facility_id": ""}, "ok"),
        ({"admitted_at": "yesterday"}, "ok"),
        ({"discharged_at": "2024-01-29 10:00:00"}, "ok"),
        ({"admitted_at": "2024-12-30 10:00:00"}, "ok"),
        ({"updated_at": "?"}, "ok"),
        ({"admitted_at": "2024-01-31 08:00:00"}, "failed"),
        ({"unit": "medical"}, "failed"),
        ({"unit": ""}, "failed"),
        ({"encounter_id": "E1"}, "failed"),
        ({"facility_id": "F2"}, "failed"),
    ],
)
def test_a_row_in_quarantine_explains_a_bed_of_its_own_ward_and_days(checked, text, status):
    beds = [BEDS[0], bed("2024-01-30", 3), BEDS[2]]
    assert checked(silver__beds=beds, quarantine__encounters=[broken(**text)])["census"].status == status


@pytest.mark.parametrize(("left", "status"), [("", "ok"), ("2024-01-30 11:00:00", "failed")])
def test_an_open_row_in_quarantine_explains_beds_up_to_the_end(checked, left, status):
    row = broken(discharged_at=left, updated_at="2024-01-30 12:00:00")
    beds = [BEDS[0], bed("2024-01-30", 3), bed("2024-01-31", 2)]
    assert checked(silver__beds=beds, quarantine__encounters=[row])["census"].status == status


def test_a_row_in_quarantine_explains_one_bed_alone(checked):
    beds = [BEDS[0], bed("2024-01-30", 4), BEDS[2]]
    found = checked(silver__beds=beds, quarantine__encounters=[broken()])["census"]
    assert counts(found)[2:] == (1, 0)


@pytest.mark.parametrize(("day", "missing"), [("2024-02-03", 0), ("2024-01-28", 1)])
def test_only_in_the_last_period_may_a_stay_be_late(checked, day, missing):
    lying = [bed(f"2024-02-{day:02d}", 1) for day in range(1, 30)]
    more = [row | {"occupied_beds": 2} if str(row["bed_date"]) == day else row for row in lying]
    beds = [*BEDS, *more] if missing == 0 else [bed(day, 1), *BEDS, *lying]
    assert counts(checked(silver__beds=beds, silver__deliveries=TWO_ENDS)["census"])[2:] == (missing, 0)


def test_stays_touch_or_overlap_within_a_patient_s_unit():
    rows = pl.DataFrame(
        [
            ("A", 1, 10, 3, 8),
            ("A", 3, 8, 5, 9),  # touches
            ("A", 2, 1, 2, 5),  # inside
            ("A", 5, 12, 5, 20),  # the same day, later: a stay of its own
            ("B", 1, 10, 1, 18),
        ],
        schema=["patient_id", "from", "at", "to", "until"],
        orient="row",
    )
    at_hour = [
        pl.datetime(2024, 1, pl.col(day), pl.col(hour)) for day, hour in (("from", "at"), ("to", "until"))
    ]
    rows = rows.select("patient_id", admitted_at=at_hour[0], discharged_at=at_hour[1])
    found = operations.stays_of(
        rows.with_columns(facility_id=pl.lit("F"), unit=pl.lit("icu")), date(2024, 1, 31)
    )
    assert sorted((first.day, last.day) for first, last in found.select("first", "last").iter_rows()) == [
        (1, 1),
        (1, 4),
        (5, 5),
    ]


def test_a_report_of_other_patient_days_is_told(checked):
    assert counts(checked(silver__hai_data=[REPORT | {"patient_days": 6}])["hai_data"]) == ("failed", 6, 2, 0)
    found = checked(silver__hai_data=[REPORT | {"patient_days": 3}])["hai_data"]
    assert (found.false_alarms, found.detail) == (1, "another census in F1 icu 2024-01-01")


def test_a_report_counts_the_days_before_it_was_written(checked):
    early = REPORT | {"patient_days": 3, "updated_at": at("2024-01-30 21:59:59")}
    assert checked(silver__hai_data=[early])["hai_data"].status == "ok"
    nothing = REPORT | {"unit": "medical", "patient_days": 0}
    assert checked(silver__hai_data=[early, nothing])["hai_data"].status == "ok"


def test_every_open_day_has_its_nurses_and_the_roles_of_its_unit(checked):
    assert counts(checked(silver__staffing=SHIFTS[1:])["staffing"]) == ("failed", 3, 1, 0)
    found = checked(silver__staffing=[*SHIFTS, shift("2024-01-30", "aide")])["staffing"]
    assert counts(found) == ("failed", 6, 2, 0)
    closed = checked(silver__staffing=[*SHIFTS, shift("2024-01-01")])["staffing"]
    assert (closed.false_alarms, closed.detail) == (1, "staff in closed units: F1 icu 2024-01-01")
    assert checked(silver__staffing=[])["staffing"].missing == 3


@pytest.mark.parametrize(
    ("wrong", "is_off"),
    [
        ({"pay": "0.00"}, True),
        ({"hours": 24.0, "agency": 23.0}, True),
        ({"hours": 24.0, "agency": 24.0, "pay": "10.00"}, True),
        ({"hours": 24.0, "agency": 22.0, "pay": "10.00"}, False),
    ],
)
def test_pay_and_hours_fit(checked, wrong, is_off):
    found = checked(silver__staffing=[*SHIFTS[:2], shift("2024-01-31", **wrong)])["pay"]
    assert counts(found) == ("failed" if is_off else "ok", 3, 0, int(is_off))


BED_DAY = {**bed("2024-01-29", 2), "occupancy": 2 / 3, "is_over_capacity": False}
WORKED = {
    **shift("2024-01-29"),
    "occupied_beds": 1,
    "hours_per_patient_day": 24.0,
    "overtime_share": 2 / 24,
    "agency_share": 0.0,
    "cost_per_hour": 37.5,
}


@pytest.mark.parametrize(
    ("table", "row", "off"),
    [
        ("fact_bed_days", {}, 0),
        ("fact_bed_days", {"occupancy": 0.6667}, 1),
        ("fact_bed_days", {"occupancy": None}, 1),
        ("fact_bed_days", {"staffed_beds": 0, "occupancy": None, "is_over_capacity": True}, 0),
        ("fact_bed_days", {"is_over_capacity": True}, 1),
        ("fact_staffing", {}, 0),
        ("fact_staffing", {"occupied_beds": 2, "hours_per_patient_day": 12.0}, 1),
        ("fact_staffing", {"overtime_share": 0.5}, 1),
        ("fact_staffing", {"cost_per_hour": 37.6}, 1),
        ("fact_staffing", {"agency_share": None}, 1),
    ],
)
def test_ratios_are_worked_out_anew(data, table, row, off):
    write(data, "silver/beds", BEDS)
    write(data, "gold/fact_bed_days", [BED_DAY | (row if table == "fact_bed_days" else {})])
    write(data, "gold/fact_staffing", [WORKED | (row if table == "fact_staffing" else {})])
    found = {check.name: check.false_alarms for check in operations.ratios(LakeTables(data / "lake"))}
    assert found == {"ratios/gold/fact_bed_days": 0, "ratios/gold/fact_staffing": 0} | {
        f"ratios/gold/{table}": off
    }
