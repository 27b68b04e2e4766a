"""Whether each row became what the truth says: a lake that differs must be told so, with the place."""

from pathlib import Path

import pytest

from carelake.verify import outcomes, references
from carelake.verify.check import Check
from carelake.verify.fates import fates
from carelake.verify.tables import LakeTables
from carelake.verify.truth import read_truth
from tests.truth.verify.small_lake import REGISTRY, read, write


def checks(data: Path, name: str) -> dict[str, Check]:
    tables, truth = LakeTables(data / "lake"), read_truth(data / "truth")
    assert truth is not None
    found = outcomes.checks(name, tables, fates(tables, name), truth.defects())
    return {check.group: check for check in found}


def flagged(data: Path, name: str) -> Check:
    tables, truth = LakeTables(data / "lake"), read_truth(data / "truth")
    assert truth is not None
    contract = REGISTRY.contracts[f"silver/{name}"]
    unknown = references.unresolved(contract, tables)
    return references.flagged(contract, unknown, fates(tables, name), truth.defects())


def counts(check: Check) -> tuple[int | None, ...]:
    return check.expected, check.found, check.missing, check.false_alarms


def plant(data: Path, *lines: str) -> None:
    with (data / "truth/defects.csv").open("a") as file:
        file.writelines(f"{line}\n" for line in lines)


@pytest.mark.parametrize("name", ["patients", "encounters", "claims", "facilities"])
def test_a_sound_lake_agrees_with_the_truth(data, name):
    found = [*checks(data, name).values(), flagged(data, name)]
    assert [(check.name, check.status, check.detail) for check in found if check.status != "ok"] == []


def test_a_bad_row_that_slipped_into_silver_is_missing_from_quarantine(data):
    write(data, "silver/claims", [*read(data, "silver/claims"), {"claim_id": "C3", "_source_row": 3}])
    write(data, "quarantine/claims", [])
    found = checks(data, "claims")
    assert counts(found["quarantine"]) == (1, 0, 1, 0)
    assert "billed_amount_unparseable 1 (as claims.csv row 3)" in found["quarantine"].detail
    assert "claims.csv row 3 is in silver" in found["quarantine"].detail
    assert counts(found["kept"]) == (2, 2, 0, 1)


def test_a_bad_row_that_vanished_is_missing_from_quarantine(data):
    write(data, "quarantine/claims", [])
    found = checks(data, "claims")
    assert counts(found["quarantine"]) == (1, 0, 1, 0)
    assert "claims.csv row 3 is held to be superseded" in found["quarantine"].detail
    assert counts(found["superseded"]) == (0, 0, 0, 1)


def test_the_planted_rule_must_be_among_the_reasons(data):
    write(data, "quarantine/claims", [{"_source_row": 3, "_reasons": ["orphan"]}])
    found = checks(data, "claims")["quarantine"]
    assert counts(found) == (1, 0, 1, 0)
    assert found.detail == "rules not among the reasons: billed_amount_unparseable 1 (as claims.csv row 3)"


def test_every_planted_rule_must_be_among_the_reasons(data):
    plant(data, "claims.csv,3,claim_form_missing,error")
    assert counts(checks(data, "claims")["quarantine"]) == (1, 0, 1, 0)


def test_more_reasons_than_planted_are_fine(data):
    reasons = ["billed_amount_unparseable", "orphan"]
    write(data, "quarantine/claims", [{"_source_row": 3, "_reasons": reasons}])
    assert checks(data, "claims")["quarantine"].status == "ok"


def test_a_sound_row_in_quarantine_is_a_false_alarm(data):
    rows = read(data, "quarantine/claims")
    write(data, "quarantine/claims", [*rows, {"_source_row": 1, "_reasons": ["orphan"]}])
    write(data, "silver/claims", read(data, "silver/claims")[1:])
    found = checks(data, "claims")
    assert counts(found["quarantine"]) == (1, 1, 0, 1)
    assert found["quarantine"].detail == "sound rows quarantined for orphan 1 (as claims.csv row 1)"
    assert counts(found["kept"]) == (2, 1, 1, 0)
    assert found["kept"].detail == "should be in silver: claims.csv row 1"


def test_a_sound_row_that_vanished_is_not_taken_for_superseded(data):
    write(data, "silver/claims", read(data, "silver/claims")[1:])
    found = checks(data, "claims")
    assert counts(found["kept"]) == (2, 1, 1, 0)
    assert counts(found["superseded"]) == (0, 0, 0, 1)


def test_a_superseded_row_must_not_be_in_quarantine(data):
    write(data, "quarantine/patients", [{"_source_row": 4, "_reasons": ["orphan"]}])
    found = checks(data, "patients")
    assert counts(found["superseded"]) == (1, 0, 1, 0)
    assert counts(found["quarantine"]) == (0, 0, 0, 1)


def test_the_older_row_must_not_win(data):
    rows = read(data, "silver/patients")
    rows[1]["_source_row"] = 4
    write(data, "silver/patients", rows)
    found = checks(data, "patients")
    assert counts(found["superseded"]) == (1, 0, 1, 1)
    assert counts(found["kept"]) == (3, 2, 1, 1)


def test_a_repair_must_be_counted(data):
    rows = read(data, "silver/patients")
    rows[1]["_warnings"] = ["patient_id_repaired"]
    write(data, "silver/patients", rows)
    found = checks(data, "patients")["warnings"]
    assert counts(found) == (3, 1, 2, 0)
    assert "effective_date_repaired 1 (as patients.csv row 2)" in found.detail


def test_a_warning_on_a_sound_row_is_a_false_alarm(data):
    rows = read(data, "silver/claims")
    rows[0]["_warnings"] = ["denial_code_missing"]
    write(data, "silver/claims", rows)
    found = checks(data, "claims")["warnings"]
    assert counts(found) == (1, 1, 0, 1)
    assert found.detail == "flagged though sound: denial_code_missing 1 (as claims.csv row 1)"


def test_warnings_of_rows_that_are_not_in_silver_are_not_asked_for(data):
    plant(data, "claims.csv,3,claim_form_unknown,warning")
    assert counts(checks(data, "claims")["warnings"]) == (1, 1, 0, 0)


def test_an_unknown_reference_that_resolves_is_missing(data):
    write(data, "gold/dim_payer", [*read(data, "gold/dim_payer"), {"payer_id": "PAY999", "payer_sk": "y9"}])
    assert counts(flagged(data, "encounters")) == (1, 0, 1, 0)


def test_a_known_reference_that_does_not_resolve_is_a_false_alarm(data):
    write(data, "gold/dim_facility", [])
    found = flagged(data, "encounters")
    assert counts(found) == (1, 1, 0, 1)
    assert found.detail == "flagged though sound: facility_id_unresolved 1 (as encounters.csv row 1)"
