from datetime import date
from decimal import Decimal

import pytest

from jobs.gold.facts.fact_staffing import fact_staffing
from tests.tables import rows, table

WARD = {"facility_id": "F1", "unit": "icu"}
CENSUS = {**WARD, "bed_date": date(2024, 3, 1), "licensed_beds": 8, "staffed_beds": 6, "occupied_beds": 4}


def shift(role, hours, overtime, agency, pay, day=1, **more):
    return {
        **WARD,
        "shift_date": date(2024, 3, day),
        "role": role,
        "hours_worked": hours,
        "overtime_hours": overtime,
        "agency_hours": agency,
        "head_count": 5,
        "leavers": 0,
        "payroll_amount": Decimal(pay),
        **more,
    }


@pytest.fixture(scope="module")
def staffed(spark):
    def of(*shifts, beds=(CENSUS,)):
        return fact_staffing(table(spark, "silver/staffing", shifts), table(spark, "silver/beds", beds))

    return of


def test_hours_are_set_against_the_patients_of_the_unit_and_day(staffed):
    made = staffed(shift("RN", 60.0, 3.0, 12.0, "2400.00"), shift("aide", 8.0, 0.0, 0.0, "160.00"))
    ratios = ("hours_per_patient_day", "overtime_share", "agency_share", "cost_per_hour")
    assert rows(made, "role", "occupied_beds", *ratios) == [
        ("RN", 4, 15.0, 0.05, 0.2, 50.0),
        ("aide", 4, 2.0, 0.0, 0.0, 20.0),
    ]
    assert rows(made, "setting", "shift_date_key") == [("hospital", 20240301)] * 2


def test_without_patients_census_or_hours_of_employees_there_is_no_ratio(staffed):
    empty = {**CENSUS, "bed_date": date(2024, 3, 2), "occupied_beds": 0}
    made = staffed(
        shift("RN", 12.0, 0.0, 12.0, "0.00", day=2),
        shift("RN", 12.0, 0.0, 0.0, "600.00", day=3),
        shift("RN", 0.0, 0.0, 0.0, "0.00"),
        beds=[CENSUS, empty],
    )
    found = rows(
        made, "shift_date_key", "occupied_beds", "hours_per_patient_day", "agency_share", "cost_per_hour"
    )
    assert found == [
        (20240301, 4, 0.0, None, None),
        (20240302, 0, None, 1.0, None),
        (20240303, None, None, 0.0, 50.0),
    ]


def test_another_unit_or_facility_has_its_own_patients(staffed):
    beds = [CENSUS, {**CENSUS, "unit": "medical", "occupied_beds": 10}, {**CENSUS, "facility_id": "F2"}]
    made = staffed(
        shift("RN", 60.0, 0.0, 0.0, "1.00", unit="medical"), shift("RN", 60.0, 0.0, 0.0, "1.00"), beds=beds
    )
    assert rows(made, "unit", "hours_per_patient_day") == [("icu", 15.0), ("medical", 6.0)]
