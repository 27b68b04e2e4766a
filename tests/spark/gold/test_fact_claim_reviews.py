from datetime import date, datetime
from decimal import Decimal

import pytest

from jobs.gold.facts.fact_claim_reviews import fact_claim_reviews
from tests.tables import rows, table

CLAIM = {
    "patient_id": "P1",
    "provider_id": "D1",
    "facility_id": "F1",
    "service_from": date(2024, 2, 28),
    "submitted_at": datetime(2024, 3, 10, 23, 0),
    "billed_amount": Decimal("300.00"),
    "allowed_amount": Decimal("100.10"),
    "paid_amount": Decimal("70.55"),
}
CLAIMS = [CLAIM | {"claim_id": f"C{number}"} for number in range(1, 7)] + [
    CLAIM | {"claim_id": "C1", "patient_id": "P2", "paid_amount": Decimal("1.00")}
]
REVIEW = {"patient_id": "P1", "selected_by": "referral", "selected_on": date(2024, 4, 9)}
CLOSED = REVIEW | {"reviewed_on": date(2024, 6, 8), "recovered_amount": Decimal("0.00")}
REVIEWS = [
    REVIEW | {"review_id": "V1", "claim_id": "C1"},
    CLOSED | {"review_id": "V2", "claim_id": "C2", "finding": "no_finding"},
    CLOSED | {"review_id": "V3", "claim_id": "C3", "finding": "overpayment_error"},
    CLOSED | {"review_id": "V4", "claim_id": "C4", "finding": "suspected_fraud"},
    CLOSED | {"review_id": "V5", "claim_id": "C5", "finding": "confirmed_fraud"},
    CLOSED | {"review_id": "V6", "claim_id": "C6", "finding": "referred to court"},
]


@pytest.fixture(scope="module")
def reviews(spark, patient_versions):
    return fact_claim_reviews(
        claim_reviews=table(spark, "silver/claim_reviews", REVIEWS),
        claims=table(spark, "silver/claims", CLAIMS),
        dim_patient=patient_versions,
    )


def test_suspicion_and_proof_are_fraud_and_no_known_finding_says_nothing(reviews):
    assert rows(reviews, "review_id", "is_open", "is_fraud") == [
        ("V1", True, None),
        ("V2", False, False),
        ("V3", False, False),
        ("V4", False, True),
        ("V5", False, True),
        ("V6", False, None),
    ]


def test_days_run_from_submission_to_selection_and_from_there_to_the_finding(reviews):
    found = rows(reviews, "review_id", "submitted_on", "days_to_selection", "days_to_review")
    assert found[:2] == [("V1", date(2024, 3, 10), 30, None), ("V2", date(2024, 3, 10), 30, 60)]


def test_the_claim_is_the_patients_own(reviews):
    found = rows(reviews, "review_id", "paid_amount", "provider_id", "facility_id", "service_from")
    assert found[0] == ("V1", Decimal("70.55"), "D1", "F1", date(2024, 2, 28))
    assert len(found) == len(REVIEWS)


def test_keys_are_those_of_the_claims_provider_and_service_day(reviews):
    assert rows(reviews, "patient_sk", "selected_date_key", "reviewed_date_key")[0] == (
        "P1-old",
        20240409,
        None,
    )
    found = reviews.select("provider_sk", "facility_sk").distinct().collect()
    assert len(found) == 1
    assert None not in found[0]
