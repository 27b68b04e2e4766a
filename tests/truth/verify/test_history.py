"""`dim_patient`: any other version, attribute or day than the true ones must be told."""

from datetime import date
from pathlib import Path

import pytest

from carelake.verify import history
from carelake.verify.check import Check
from carelake.verify.tables import LakeTables
from carelake.verify.truth import read_truth
from tests.truth.verify.small_lake import Rows, read, write

TABLE = "gold/dim_patient"


def against_truth(data: Path) -> Check:
    truth = read_truth(data / "truth")
    assert truth is not None
    return history.against_truth(LakeTables(data / "lake"), truth)


def off(data: Path) -> dict[str, int | None]:
    checks = history.invariants(LakeTables(data / "lake"))
    return {check.name.partition("/")[2]: check.false_alarms for check in checks if check.status != "ok"}


def versions(data: Path) -> Rows:
    """Return the versions: two of P1, one of P2."""
    return sorted(read(data, TABLE), key=lambda row: row["patient_sk"])


def test_a_sound_history_agrees_with_the_truth_and_with_scd2(data):
    found = against_truth(data)
    assert (found.status, found.expected, found.detail) == ("ok", 3, "")
    assert off(data) == {}


def test_a_value_that_differs_is_one_missing_and_one_too_many(data):
    rows = versions(data)
    rows[1]["last_name"] = "Gill"
    write(data, TABLE, rows)
    found = against_truth(data)
    assert (found.missing, found.false_alarms) == (1, 1)
    assert "another last_name in 1" in found.detail
    assert "patient_history.csv line 3" in found.detail
    assert "patient_sk s2" in found.detail
    assert "Gill" not in found.detail


def test_an_empty_value_is_not_any_value(data):
    rows = versions(data)
    rows[0]["phone"] = "555"
    write(data, TABLE, rows)
    assert against_truth(data).missing == 1


def test_dates_are_compared_as_text(data):
    rows = versions(data)
    rows[0]["birth_date"] = date(1970, 1, 10)
    write(data, TABLE, rows)
    assert "another birth_date in 1" in against_truth(data).detail


def test_a_lost_version_is_missing(data):
    rows = versions(data)
    write(data, TABLE, [{**rows[0], "valid_to": None, "is_current": True}, rows[2]])
    found = against_truth(data)
    assert (found.missing, found.false_alarms) == (2, 1)
    assert "another valid_to in 1" in found.detail
    assert "1 versions that should be there are not" in found.detail


def test_an_invented_version_is_a_false_alarm(data):
    rows = versions(data)
    write(data, TABLE, [*rows, {**rows[2], "patient_id": "P3", "patient_sk": "s4"}])
    found = against_truth(data)
    assert (found.missing, found.false_alarms) == (0, 1)
    assert "1 versions are there that should not" in found.detail


def test_a_version_twice_is_a_false_alarm(data):
    rows = versions(data)
    write(data, TABLE, [*rows, rows[2]])
    assert (against_truth(data).missing, against_truth(data).false_alarms) == (0, 1)


def test_an_attribute_that_gold_does_not_have_is_told(data):
    path = data / "truth/patient_history.csv"
    lines = path.read_text().splitlines()
    path.write_text("\n".join([lines[0] + ",shoe_size", *(f"{line},9" for line in lines[1:])]))
    found = against_truth(data)
    assert (found.missing, found.detail) == (3, "gold/dim_patient has no column shoe_size")


@pytest.mark.parametrize(
    ("change", "broken"),
    [
        ({"valid_to": date(2024, 4, 30)}, "no_gap"),
        ({"valid_to": date(2024, 5, 2)}, "no_overlap"),
        ({"patient_sk": "s2"}, "unique_sk"),
        ({"last_name": "Gil"}, "real_change"),
        ({"is_current": True}, "one_current"),
        ({"is_current": True}, "current_is_open"),
        ({"valid_to": None}, "closed"),
        ({"valid_from": date(2024, 5, 1), "patient_id": "P4"}, "forward"),
    ],
)
def test_each_invariant_is_told_when_the_first_version_breaks_it(data, change, broken):
    rows = versions(data)
    write(data, TABLE, [rows[0] | change, *rows[1:]])
    assert off(data)[broken] == 1


def test_a_patient_without_a_current_version_is_told(data):
    rows = versions(data)
    write(data, TABLE, [*rows[:2], rows[2] | {"is_current": False}])
    assert off(data) == {"one_current": 1, "current_is_open": 1}


def test_versions_of_different_patients_are_not_compared(data):
    rows = versions(data)
    twin = {**rows[1], "patient_id": "P0", "patient_sk": "s0"}
    write(data, TABLE, [twin, *rows])
    assert off(data) == {}
