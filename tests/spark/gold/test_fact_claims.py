from datetime import date, datetime
from decimal import Decimal

import pytest

from jobs.gold.facts.fact_claims import fact_claims
from tests.tables import rows, table

CLAIM = {
    "patient_id": "P1",
    "claim_version": "original",
    "payer_id": "PAY1",
    "claim_status": "paid",
    "service_from": date(2024, 2, 28),
    "service_to": date(2024, 3, 2),
    "submitted_at": datetime(2024, 3, 10, 8, 0),
    "adjudicated_at": datetime(2024, 3, 20, 23, 0),
}


def amounts(billed, paid):
    return {"billed_amount": Decimal(billed), "paid_amount": Decimal(paid)}


@pytest.fixture(scope="module")
def claims(spark, patient_versions):
    reasons = [{"denial_code": "50", "description": "x", "category": "medical_necessity"}]

    def of(*claims):
        return fact_claims(
            claims=table(spark, "silver/claims", claims),
            dim_patient=patient_versions,
            denial_codes=table(spark, "reference/denial_codes", reasons),
        )

    return of


@pytest.fixture(scope="module")
def corrected(claims):
    """A claim replaced by a reversal and an adjustment on the same day, and one never touched."""
    later = {"original_claim_id": "C1", "submitted_at": datetime(2024, 5, 1, 9, 0)}
    return claims(
        CLAIM | later | {"claim_id": "A9", "claim_version": "adjustment"} | amounts("80.10", "60.00"),
        CLAIM | {"claim_id": "C1"} | amounts("100.10", "70.55"),
        CLAIM | later | {"claim_id": "B9", "claim_version": "reversal"} | amounts("-100.10", "-70.55"),
        CLAIM | {"claim_id": "C2"} | amounts("10.00", "0.01"),
    )


def test_the_net_stands_on_the_original_alone(corrected):
    assert rows(corrected, "claim_id", "net_billed_amount", "net_paid_amount", "net_allowed_amount") == [
        ("A9", None, None, None),
        ("B9", None, None, None),
        ("C1", Decimal("80.10"), Decimal("60.00"), None),
        ("C2", Decimal("10.00"), Decimal("0.01"), None),
    ]


def test_nets_and_amounts_are_the_same_money(corrected):
    sums = corrected.selectExpr("sum(paid_amount) as paid", "sum(net_paid_amount) as net").collect()[0]
    assert sums.paid == sums.net == Decimal("60.01")


def test_versions_are_numbered_and_a_reversal_comes_before_its_adjustment(corrected):
    columns = ("claim_group_id", "version_number", "claim_id", "claim_version", "is_latest")
    assert rows(corrected, *columns) == [
        ("C1", 1, "C1", "original", False),
        ("C1", 2, "B9", "reversal", False),
        ("C1", 3, "A9", "adjustment", True),
        ("C2", 1, "C2", "original", True),
    ]


def test_a_clean_claim_was_paid_at_first_pass_and_never_corrected(corrected, claims):
    assert rows(corrected, "claim_id", "is_clean") == [
        ("A9", None),
        ("B9", None),
        ("C1", False),
        ("C2", True),
    ]
    others = claims(
        CLAIM | {"claim_id": "C3", "claim_status": "denied", "denial_code": "50"},
        CLAIM | {"claim_id": "C4", "claim_status": "pending", "adjudicated_at": None},
        CLAIM | {"claim_id": "C5", "claim_status": "denied", "denial_code": "999"},
    )
    assert rows(others, "claim_id", "is_clean", "is_denied", "is_adjudicated", "denial_category") == [
        ("C3", False, True, True, "medical_necessity"),
        ("C4", None, None, False, None),
        ("C5", False, True, True, None),
    ]


def test_days_to_pay_run_from_the_end_of_service_to_the_decision(corrected, claims):
    assert rows(corrected, "claim_id", "days_to_pay") == [("A9", 18), ("B9", None), ("C1", 18), ("C2", 18)]
    unpaid = claims(CLAIM | {"claim_id": "C3", "claim_status": "denied"})
    assert rows(unpaid, "days_to_pay") == [(None,)]


def test_the_patients_version_is_that_of_the_first_day_of_service(corrected):
    assert rows(corrected, "patient_sk", "service_date_key") == [("P1-old", 20240228)] * 4
