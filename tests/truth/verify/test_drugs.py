"""Drugs given against what was billed: whatever is given too often, never or to the dead must be told."""

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from carelake.verify import drugs
from carelake.verify.check import Check
from carelake.verify.tables import LakeTables
from tests.truth.verify.small_lake import C, at, read, write

DAY = date(2024, 2, 1)
OF_E1 = {"patient_id": "P1", "encounter_id": "E1"}
GIVEN = {
    **OF_E1,
    "medication_id": "R1",
    "source": "administered",
    "drug_code": "860092",
    "started_on": DAY,
    "quantity": 2,
    "total_cost": Decimal("2.40"),
    "payer_paid_amount": Decimal("2.00"),
    "patient_paid_amount": Decimal("0.40"),
}
BILLED = {
    **OF_E1,
    "procedure_id": "R1",
    "procedure_code": "J1885",
    "performed_at": at("2024-02-01 10:30"),
    "quantity": 2,
}
CLAIMED = {**C, "claim_id": "C9", "procedure_code": "J1885"}


@pytest.fixture
def drugged(data: Path) -> Path:
    """A sound lake in which E1 gave a drug, billed and claimed it."""
    write(data, "gold/dim_drug", [{"drug_code": "860092", "hcpcs_code": "J1885"}, {"drug_code": "314076"}])
    write(data, "gold/dim_procedure", [{"procedure_code": "J1885"}])
    write(data, "silver/procedures", [BILLED])
    write(data, "silver/medications", [GIVEN])
    write(data, "silver/claims", [*read(data, "silver/claims"), CLAIMED])
    return data


def found(data: Path) -> dict[str, Check]:
    return {check.name.split("/")[1]: check for check in drugs.checks(LakeTables(data / "lake"))}


def counts(check: Check) -> tuple[int | None, ...]:
    return check.expected, check.missing, check.false_alarms


def test_what_was_given_was_billed(drugged):
    checks = found(drugged)
    assert {check.status for check in checks.values()} == {"ok"}
    assert [counts(checks[name]) for name in ("procedures", "claims", "money")] == [(1, 0, 0)] * 3


@pytest.mark.parametrize(
    "change",
    [{"quantity": 3}, {"started_on": date(2024, 2, 2)}, {"drug_code": "314076"}, {"source": "dispensed"}],
)
def test_another_drug_day_or_number_of_units_is_told(drugged, change):
    write(drugged, "silver/medications", [GIVEN | change])
    check = found(drugged)["procedures"]
    assert check.status == "failed"
    assert check.missing == 1


def test_a_drug_given_twice_or_not_billed_is_a_false_alarm(drugged):
    write(drugged, "silver/medications", [GIVEN, GIVEN | {"medication_id": "R2"}])
    assert counts(found(drugged)["procedures"]) == (1, 1, 1)
    write(drugged, "silver/medications", [GIVEN])
    write(drugged, "silver/procedures", [])
    assert counts(found(drugged)["procedures"]) == (0, 0, 1)


def test_inpatient_encounters_bill_no_drug(drugged):
    write(drugged, "silver/procedures", [])
    stay = read(drugged, "silver/encounters")[0] | {"encounter_type": "inpatient"}
    write(drugged, "silver/encounters", [stay])
    assert counts(found(drugged)["procedures"]) == (0, 0, 0)


@pytest.mark.parametrize("table", ["medications", "procedures"])
def test_patients_with_rows_in_quarantine_are_left_out(drugged, table):
    write(drugged, f"silver/{table}", [])
    assert found(drugged)["procedures"].status == "failed"
    write(drugged, f"quarantine/{table}", [{"_scope": "P1", "_reasons": ["quantity_unparseable"]}])
    assert counts(found(drugged)["procedures"]) == (0, 0, 0)


def test_flagged_quantities_and_unknown_codes_are_left_out(drugged):
    write(drugged, "silver/medications", [GIVEN | {"quantity": 9_000, "_warnings": ["quantity_implausible"]}])
    assert found(drugged)["procedures"].status == "ok"
    write(drugged, "silver/medications", [GIVEN])
    write(drugged, "silver/procedures", [BILLED | {"procedure_code": "Q0000"}])
    assert found(drugged)["procedures"].status == "ok"


def test_a_claim_for_a_drug_not_given_is_missing(drugged):
    write(drugged, "silver/medications", [])
    check = found(drugged)["claims"]
    assert (counts(check), check.status) == ((1, 1, 0), "failed")


def test_what_the_newest_claims_are_for_may_still_come(drugged):
    write(drugged, "silver/medications", [])
    newer = CLAIMED | {"_source_file": "2025-02-01/claims.csv"}
    write(drugged, "silver/claims", [newer])
    assert counts(found(drugged)["claims"]) == (0, 0, 0)
    newest = newer | {"claim_id": "C10", "_source_file": "2025-03-01/claims.csv"}
    write(drugged, "silver/claims", [newer, newest])
    assert counts(found(drugged)["claims"]) == (1, 1, 0)


def test_a_cent_that_nobody_pays_is_told(drugged):
    write(drugged, "silver/medications", [GIVEN | {"total_cost": Decimal("2.41")}])
    assert counts(found(drugged)["money"]) == (1, 1, 0)


def test_a_supply_after_death_is_a_false_alarm(drugged):
    versions = [row | {"death_date": DAY} for row in read(drugged, "gold/dim_patient")]
    write(drugged, "gold/dim_patient", versions)
    assert counts(found(drugged)["after_death"]) == (1, 0, 0)
    write(drugged, "silver/medications", [GIVEN | {"started_on": date(2024, 2, 2)}])
    assert counts(found(drugged)["after_death"]) == (1, 0, 1)


def test_without_the_tables_nothing_is_said(tmp_path):
    assert {check.status for check in drugs.checks(LakeTables(tmp_path))} == {"not_checked"}
