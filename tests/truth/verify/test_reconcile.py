"""Rows and money of every file: whatever is lost, doubled or invented on the way must be told."""

from decimal import Decimal
from pathlib import Path

import pytest

from carelake.states import Note
from carelake.verify import reconcile
from carelake.verify.check import Check
from carelake.verify.fates import fates
from carelake.verify.landing import landing_files
from carelake.verify.progress import Progress
from carelake.verify.tables import LakeTables
from tests.truth.verify.small_lake import REGISTRY, at, deliver, read, write


def checks(data: Path, name: str) -> dict[str, Check]:
    contract, tables = REGISTRY.contracts[f"silver/{name}"], LakeTables(data / "lake")
    landed = landing_files(data / "landing_zone", contract)
    progress = Progress(tuple(landed), tables.register(name), None)
    found = reconcile.checks(contract, tables, fates(tables, name), progress, landed)
    return {check.name: check for check in found}


def counts(check: Check) -> tuple[int | None, ...]:
    return check.expected, check.missing, check.false_alarms


def landing(data: Path, name: str) -> bytes:
    return (data / "landing_zone" / f"{name}.csv").read_bytes()


@pytest.mark.parametrize("name", ["patients", "encounters", "claims", "facilities"])
def test_a_sound_lake_reconciles(data, name):
    assert {check.status for check in checks(data, name).values()} == {"ok"}


def test_a_row_lost_between_file_and_bronze_is_missing(data):
    write(data, "bronze/claims", read(data, "bronze/claims")[1:])
    write(data, "silver/claims", read(data, "silver/claims")[1:])
    text = landing(data, "claims")
    deliver(data, "claims.csv", text, 3)
    found = checks(data, "claims")["rows/claims"]
    assert counts(found) == (3, 1, 0)
    assert found.detail == "claims.csv: 3 lines, 3 rows registered, 2 in bronze, 2 accounted for"


def test_lines_are_counted_by_the_file_not_by_the_register(data):
    text = landing(data, "claims")
    deliver(data, "claims.csv", text + text.splitlines(keepends=True)[1], 3)
    assert counts(checks(data, "claims")["rows/claims"]) == (4, 1, 0)


def test_a_register_that_claims_more_rows_than_lie_there_is_wrong(data):
    deliver(data, "claims.csv", landing(data, "claims"), 4)
    assert counts(checks(data, "claims")["rows/claims"]) == (3, 0, 1)


def test_blank_lines_at_the_end_are_no_rows(data):
    deliver(data, "claims.csv", landing(data, "claims") + b"\n  \n\r\n", 3)
    assert checks(data, "claims")["rows/claims"].status == "ok"


def test_a_row_in_bronze_twice_is_a_false_alarm(data):
    rows = read(data, "bronze/claims")
    write(data, "bronze/claims", [*rows, rows[0]])
    deliver(data, "claims.csv", landing(data, "claims"), 3)
    found = checks(data, "claims")["rows/claims"]
    assert found.status == "failed"
    assert found.false_alarms == 1


def test_a_row_in_silver_and_in_quarantine_is_in_no_one_place(data):
    rows = read(data, "quarantine/claims")
    write(data, "quarantine/claims", [*rows, {"_source_row": 1, "_reasons": ["orphan"]}])
    assert checks(data, "claims")["rows/claims"].status == "failed"


def test_a_row_of_silver_that_was_never_delivered_is_told(data):
    rows = read(data, "silver/facilities")
    write(data, "silver/facilities", [*rows, {"facility_id": "F2", "_source_row": 2}])
    found = checks(data, "facilities")["rows/facilities"]
    assert counts(found) == (1, 0, 1)
    assert found.detail.endswith(", 1 that bronze doesn't have")


def test_rows_without_a_delivery_are_told(data):
    tables = LakeTables(data / "lake")
    assert reconcile.from_nowhere("registry", tables).status == "ok"
    write(data, "silver/registry", [{"registry_id": "R1"}])
    assert counts(reconcile.from_nowhere("registry", tables)) == (0, 0, 1)


def test_a_dropped_row_is_not_superseded_without_a_winner(data):
    write(data, "silver/patients", read(data, "silver/patients")[:2])
    found = checks(data, "patients")
    assert counts(found["winners/patients"]) == (2, 1, 0)
    assert "patients.csv row 3" in found["winners/patients"].detail
    assert counts(found["rows/patients"]) == (4, 1, 0)


def test_a_row_is_not_superseded_by_an_older_one(data):
    rows = read(data, "silver/patients")
    rows[1]["updated_at"] = at("2023-12-31")
    write(data, "silver/patients", rows)
    assert counts(checks(data, "patients")["winners/patients"]) == (1, 1, 0)


@pytest.mark.parametrize("updated_at", [None, "yesterday", "01/01/2024 10:00", "2024-01-02"])
def test_a_row_is_superseded_by_any_version_when_it_is_undated_and_by_an_equal_one(data, updated_at):
    rows = read(data, "bronze/patients")
    rows[3]["updated_at"] = updated_at
    write(data, "bronze/patients", rows)
    assert counts(checks(data, "patients")["winners/patients"]) == (1, 0, 0)


def test_a_cent_lost_in_silver_is_missing(data):
    rows = read(data, "silver/claims")
    rows[0]["billed_amount"] = Decimal("999.99")
    write(data, "silver/claims", rows)
    found = checks(data, "claims")["money/claims.billed_amount"]
    assert counts(found) == (200025, 1, 0)
    assert found.detail == "claims.csv: $2,000.25 delivered, $2,000.24 held"


def test_money_invented_in_silver_is_a_false_alarm(data):
    rows = read(data, "silver/claims")
    rows[1]["paid_amount"] = Decimal("60.50")
    write(data, "silver/claims", rows)
    assert counts(checks(data, "claims")["money/claims.paid_amount"]) == (700, 0, 12100)


def test_money_of_quarantined_rows_counts_as_far_as_it_parses(data):
    assert counts(checks(data, "claims")["money/claims.paid_amount"]) == (700, 0, 0)
    write(data, "quarantine/claims", [{"_source_row": 3, "_raw": "{}", "_reasons": ["orphan"]}])
    assert counts(checks(data, "claims")["money/claims.paid_amount"]) == (700, 700, 0)


def test_money_of_superseded_rows_is_not_forgotten(data):
    rows = read(data, "bronze/claims")
    rows[2]["paid_amount"] = "6.00"
    write(data, "bronze/claims", rows)
    deliver(data, "claims.csv", landing(data, "claims"), 3)
    write(data, "quarantine/claims", [])
    assert counts(checks(data, "claims")["money/claims.paid_amount"]) == (700, 100, 0)


def test_files_balance_one_by_one_not_against_each_other(data):
    text = landing(data, "claims").replace(b"1000.00", b"1000.01")
    again = landing(data, "claims").replace(b"1000.00", b"999.99")
    rows = read(data, "bronze/claims")
    for table in ("bronze", "silver", "quarantine"):
        rows = read(data, f"{table}/claims")
        moved = [{**row, "_source_file": "2025-02-01/claims.csv"} for row in rows]
        write(data, f"{table}/claims", rows + moved)
    deliver(data, "claims.csv", text, 3)
    first = LakeTables(data / "lake").register("claims")
    deliver(data, "2025-02-01/claims.csv", again, 3)
    both = first | LakeTables(data / "lake").register("claims")
    write(data, "bronze/claims", read(data, "bronze/claims"), Note("run1", "c", files=both))
    assert counts(checks(data, "claims")["money/claims.billed_amount"]) == (400050, 1, 1)


def test_a_file_set_aside_has_no_rows_to_reconcile(data):
    write(data, "bronze/facilities", [])
    write(data, "silver/facilities", [])
    deliver(data, "facilities.csv", b"facility_id|name\nF1|x\n", 0, fault="pipes")
    assert counts(checks(data, "facilities")["rows/facilities"]) == (0, 0, 0)


def test_a_file_replaced_in_place_counts_in_both_its_contents(data):
    rows = read(data, "bronze/facilities")
    newer = {"_batch_id": "run2", "_ingested_at": at("2025-02-01")}
    write(data, "bronze/facilities", [*rows, {**rows[0], **newer, "name": "Renamed"}])
    text = landing(data, "facilities").replace(b"General", b"Renamed")
    deliver(data, "facilities.csv", text, 2, earlier=["other content"])
    found = checks(data, "facilities")
    assert counts(found["rows/facilities"]) == (2, 0, 0)
    assert counts(found["winners/facilities"]) == (1, 0, 0)
