"""Reviews against claims, and claims against the truth's list of them."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from carelake.verify import reviews
from carelake.verify.check import Check
from carelake.verify.tables import LakeTables
from carelake.verify.truth import read_truth
from tests.truth.verify.small_lake import REGISTRY, read, write

NAMES = ["reviews/claims", "reviews/order", "reviews/recovered", "claims/truth", "reviews/truth"]


def checks(data: Path) -> dict[str, Check]:
    claims = REGISTRY.contracts[reviews.CLAIMS]
    found = reviews.checks(LakeTables(data / "lake"), claims, read_truth(data / "truth"), "no truth")
    return {check.name: check for check in found}


def failed(data: Path) -> dict[str, tuple[int | None, ...]]:
    return {
        name: (check.expected, check.missing, check.false_alarms)
        for name, check in checks(data).items()
        if check.status == "failed"
    }


def change(data: Path, table: str, **values: object) -> None:
    """Change the first row of a table."""
    rows = sorted(read(data, table), key=str)
    write(data, table, [rows[0] | values, *rows[1:]])


def test_a_sound_lake_passes(data):
    found = checks(data)
    assert list(found) == NAMES
    assert {check.status for check in found.values()} == {"ok"}
    assert [found[name].expected for name in NAMES] == [1, 1, 1000, 3, 1]


@pytest.mark.parametrize("values", [{"claim_id": "C9"}, {"patient_id": "P2"}])
def test_a_review_of_no_claim_of_its_patient_is_told(data, values):
    change(data, reviews.REVIEWS, **values)
    assert failed(data)["reviews/claims"] == (1, 1, 0)


def test_a_review_of_a_claim_that_the_truth_does_not_know_is_told(data):
    change(data, reviews.REVIEWS, claim_id="C9")
    assert failed(data)["reviews/truth"] == (1, 0, 1)
    assert checks(data)["reviews/truth"].detail == "about claims that the truth does not know: V1"


def test_a_claim_selected_before_it_was_submitted_is_told(data):
    change(data, reviews.REVIEWS, selected_on=date(2024, 2, 1))
    assert failed(data) == {"reviews/order": (1, 1, 0)}


def test_a_review_closed_before_it_began_is_told(data):
    change(data, reviews.REVIEWS, reviewed_on=date(2024, 2, 28))
    assert failed(data) == {"reviews/order": (1, 1, 0)}


def test_a_cent_more_taken_back_than_paid_is_told(data):
    change(data, reviews.REVIEWS, recovered_amount=Decimal("60.51"))
    assert failed(data) == {"reviews/recovered": (6051, 0, 1)}


def test_a_claim_whose_decision_is_not_there_can_not_be_compared(data):
    rows = [row | {"paid_amount": None} for row in read(data, reviews.CLAIMS)]
    write(data, reviews.CLAIMS, rows)
    assert failed(data) == {}
    assert checks(data)["reviews/recovered"].detail == "1 of claims whose decision is not there"


def test_a_claim_that_was_not_delivered_is_told(data):
    write(data, "bronze/claims", [row for row in read(data, "bronze/claims") if row["claim_id"] != "C3"])
    assert failed(data) == {"claims/truth": (3, 1, 0)}


def test_a_claim_that_the_truth_does_not_know_is_told(data):
    rows = read(data, "bronze/claims")
    write(data, "bronze/claims", [*rows, rows[0] | {"claim_id": " c7 "}, rows[0] | {"claim_id": "C8"}])
    assert failed(data) == {"claims/truth": (3, 0, 2)}
    assert checks(data)["claims/truth"].detail == "2 delivered that the truth does not know"


def test_without_a_truth_claims_are_not_held_against_it(data):
    claims = REGISTRY.contracts[reviews.CLAIMS]
    found = {c.name: c for c in reviews.checks(LakeTables(data / "lake"), claims, None, "behind")}
    assert {name for name, check in found.items() if check.status == "not_checked"} == {
        "claims/truth",
        "reviews/truth",
    }
