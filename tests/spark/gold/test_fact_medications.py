from datetime import date
from decimal import Decimal
from hashlib import sha256

import pytest

from jobs.gold.facts.fact_medications import fact_medications
from tests.tables import rows, table


def supply(key, start, end, **more):
    return {
        "medication_id": key,
        "patient_id": "P1",
        "source": "dispensed",
        "drug_code": "314076",
        "started_on": date.fromisoformat(start),
        "ended_on": date.fromisoformat(end),
        "days_supply": 30,
        "total_cost": Decimal("10.00"),
    } | more


@pytest.fixture(scope="module")
def fact(spark, patient_versions):
    def of(*supplies, columns):
        made = fact_medications(table(spark, "silver/medications", supplies), patient_versions)
        return rows(made, "medication_id", *columns)

    return of


def test_a_gap_counts_the_days_between_two_supplies_of_a_drug(fact):
    supplies = [
        supply("M1", "2024-01-01", "2024-01-30"),
        supply("M2", "2024-02-05", "2024-03-05"),
        supply("M3", "2024-03-04", "2024-04-02"),
        supply("M4", "2024-02-01", "2024-03-01", drug_code="197361"),
        supply("M5", "2024-02-01", "2024-03-01", patient_id="P2"),
        supply("M6", "2024-02-01", "2024-02-01", source="administered"),
    ]
    assert fact(*supplies, columns=["gap_days"]) == [
        ("M1", None),
        ("M2", 5),
        ("M3", -2),
        ("M4", None),
        ("M5", None),
        ("M6", None),
    ]


def test_of_supplies_of_one_day_the_smaller_number_comes_first(fact):
    supplies = [supply("M2", "2024-01-01", "2024-01-30"), supply("M1", "2024-01-01", "2024-01-10")]
    assert fact(*supplies, columns=["previous_ended_on", "gap_days"]) == [
        ("M1", None, None),
        ("M2", date(2024, 1, 10), -10),
    ]


def test_the_version_in_force_is_that_of_the_first_day(fact):
    supplies = [supply("M1", "2024-02-29", "2024-03-29"), supply("M2", "2024-03-01", "2024-03-30")]
    assert fact(*supplies, columns=["patient_sk", "start_date_key"]) == [
        ("M1", "P1-old", 20240229),
        ("M2", "P1-new", 20240301),
    ]


def test_a_refill_is_not_the_first_of_its_prescription(fact):
    numbers = {"M1": 0, "M2": 3, "M3": None}
    supplies = [supply(k, "2024-01-01", "2024-01-30", fill_number=n) for k, n in numbers.items()]
    assert fact(*supplies, columns=["is_refill"]) == [("M1", False), ("M2", True), ("M3", False)]


def test_a_day_s_cost_is_rounded_to_the_cent(fact):
    supplies = [
        supply("M1", "2024-01-01", "2024-01-30"),
        supply("M2", "2024-01-01", "2024-01-30", total_cost=Decimal("0.45")),
    ]
    assert fact(*supplies, columns=["cost_per_day"]) == [("M1", Decimal("0.33")), ("M2", Decimal("0.02"))]


def test_the_drug_s_key_is_the_hash_of_its_code_and_no_payer_has_none(fact):
    expected = sha256(b"6:314076").hexdigest()[:32]
    known = supply("M1", "2024-01-01", "2024-01-30")
    assert fact(known, columns=["drug_sk", "payer_sk"]) == [("M1", expected, None)]
