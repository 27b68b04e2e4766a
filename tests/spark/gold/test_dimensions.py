from datetime import date

import pytest

from jobs.gold.dimensions.dim_diagnosis import dim_diagnosis
from jobs.gold.dimensions.dim_drug import dim_drug
from jobs.gold.dimensions.dim_facility import dim_facility
from jobs.gold.dimensions.dim_payer import dim_payer
from jobs.gold.dimensions.dim_time import dim_time
from tests.tables import rows, table

INFARCTION = {
    "ccsr_category": "CIR009",
    "ccsr_description": "Acute myocardial infarction",
    "ccsr_body_system": "Circulatory system",
}
ACUTE = {"is_always_planned": False, "is_acute": True, "readmission_cohort": "cardiovascular"}


@pytest.fixture(scope="module")
def diagnoses(spark):
    """Codes of infarctions, one of another disease of the heart, one of none."""
    codes = [
        {"diagnosis_code": code, "category_code": code[:3], "is_billable": True}
        for code in ("I21", "I214", "I2510", "I252", "Z0000")
    ]
    groups = [
        {"code_prefix": prefix, "charlson_group": "myocardial_infarction"} for prefix in ("I21", "I252")
    ]
    of_reference = {
        "icd10cm": codes,
        "ccsr": [{"diagnosis_code": "I214", "ccsr_category": "CIR009"}],
        "ccsr_categories": [INFARCTION],
        "charlson": groups,
        "ccir": [{"diagnosis_code": "I252", "is_chronic": True}],
        "readmission_codes": [{"diagnosis_code": "I214", **ACUTE}],
    }
    return dim_diagnosis(**{name: table(spark, f"reference/{name}", of) for name, of in of_reference.items()})


def test_diagnoses_bear_their_groups(diagnoses):
    columns = ("diagnosis_code", "ccsr_category", "ccsr_description", "charlson_group", "is_chronic")
    assert rows(diagnoses, *columns) == [
        ("I21", None, None, "myocardial_infarction", None),
        ("I214", "CIR009", "Acute myocardial infarction", "myocardial_infarction", None),
        ("I2510", None, None, None, None),
        ("I252", None, None, "myocardial_infarction", True),
        ("Z0000", None, None, None, None),
    ]


def test_a_diagnosis_of_no_set_of_the_readmission_measure_is_neither_planned_nor_acute(diagnoses):
    columns = ("diagnosis_code", "is_always_planned", "is_acute", "readmission_cohort")
    assert rows(diagnoses, *columns)[1:3] == [
        ("I214", False, True, "cardiovascular"),
        ("I2510", False, False, None),
    ]


def test_days_bear_their_parts(spark):
    days = [date(2024, 2, 29), date(2024, 9, 30), date(2024, 10, 1), date(2024, 12, 30), date(2027, 1, 1)]
    made = dim_time(table(spark, "reference/calendar", [{"date": day} for day in days]))
    assert rows(made, "date_key", "weekday", "weekday_name", "is_weekend", "iso_year", "iso_week") == [
        (20240229, 4, "Thursday", False, 2024, 9),
        (20240930, 1, "Monday", False, 2024, 40),
        (20241001, 2, "Tuesday", False, 2024, 40),
        (20241230, 1, "Monday", False, 2025, 1),
        (20270101, 5, "Friday", False, 2026, 53),
    ]
    assert rows(made, "date_key", "month_end", "days_in_month", "quarter_start", "fiscal_year") == [
        (20240229, date(2024, 2, 29), 29, date(2024, 1, 1), 2024),
        (20240930, date(2024, 9, 30), 30, date(2024, 7, 1), 2024),
        (20241001, date(2024, 10, 31), 31, date(2024, 10, 1), 2025),
        (20241230, date(2024, 12, 31), 31, date(2024, 10, 1), 2025),
        (20270101, date(2027, 1, 31), 31, date(2027, 1, 1), 2027),
    ]
    assert rows(made, "date_key", "fiscal_quarter")[1:3] == [(20240930, 4), (20241001, 1)]


def test_weekends_are_saturday_and_sunday(spark):
    week = [{"date": date(2024, 6, day)} for day in range(3, 10)]
    made = dim_time(table(spark, "reference/calendar", week))
    assert [flag for _, flag in rows(made, "date", "is_weekend")] == [False] * 5 + [True] * 2


def test_acute_stays_happen_in_two_types_of_hospital(spark):
    types = ["acute_care", "critical_access", "psychiatric", "rehabilitation", "clinic"]
    facilities = [{"facility_id": f"F{n}", "facility_type": kind} for n, kind in enumerate(types)]
    made = dim_facility(table(spark, "silver/facilities", facilities))
    assert [flag for _, flag in rows(made, "facility_id", "has_acute_stays")] == [True, True] + [False] * 3


def test_payers_are_public_or_not(spark):
    classes = ["commercial", "medicaid", "medicare", "medicare_advantage", "uninsured"]
    payers = [{"payer_id": kind, "name": kind, "payer_class": kind} for kind in classes]
    made = dim_payer(table(spark, "reference/payers", payers))
    assert [flag for _, flag in rows(made, "payer_class", "is_public")] == [False, True, True, True, False]


def test_drugs_are_generic_or_not(spark):
    drugs = [{"drug_code": code, "is_generic": flag} for code, flag in (("1", "true"), ("2", "false"))]
    made = dim_drug(table(spark, "reference/drug_codes", drugs))
    assert rows(made, "drug_code", "is_generic", "hcpcs_code") == [("1", True, None), ("2", False, None)]
