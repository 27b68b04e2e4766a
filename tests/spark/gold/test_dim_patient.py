from datetime import date, datetime

import pytest

from jobs.gold.dimensions.dim_patient import TRACKED, dim_patient
from tests.tables import contract, rows, table

MARCH, MAY, JULY = date(2024, 3, 1), date(2024, 5, 1), date(2024, 7, 1)
JANE = {"patient_id": "P1", "first_name": "Jane", "last_name": "Doe", "sex": "F", "city": "Salem"}


def record(effective: date, recorded: int = 1, **attributes):
    at = datetime(2024, 8, recorded)
    return JANE | {"effective_date": effective, "recorded_at": at, "updated_at": at} | attributes


@pytest.fixture(scope="module")
def versions(spark):
    def of(*records):
        made = dim_patient(table(spark, "silver/patients", records))
        return rows(made, "valid_from", "valid_to", "is_current", "city")

    return of


def test_each_change_begins_a_version_that_ends_where_the_next_begins(versions):
    assert versions(record(MAY, city="Troy"), record(MARCH)) == [
        (MARCH, MAY, False, "Salem"),
        (MAY, None, True, "Troy"),
    ]


def test_a_backdated_change_splits_the_version_it_falls_in(versions):
    late = record(MAY, recorded=9, city="Utica")
    assert versions(record(MARCH), record(JULY, city="Troy"), late) == [
        (MARCH, MAY, False, "Salem"),
        (MAY, JULY, False, "Utica"),
        (JULY, None, True, "Troy"),
    ]


def test_equal_values_make_no_version(versions):
    assert versions(record(MARCH), record(MAY, recorded=2), record(JULY, city="Troy")) == [
        (MARCH, JULY, False, "Salem"),
        (JULY, None, True, "Troy"),
    ]


def test_the_record_known_last_replaces_those_of_its_day(versions):
    assert versions(record(MARCH, recorded=3, city="Troy"), record(MARCH, recorded=2)) == [
        (MARCH, None, True, "Troy")
    ]


def test_a_correction_can_take_a_version_away(versions):
    """The change of May is corrected to what held before, so the versions on both sides become one."""
    records = [record(MARCH), record(MAY, city="Troy"), record(MAY, recorded=2), record(JULY)]
    assert versions(*records) == [(MARCH, None, True, "Salem")]


def test_a_value_that_appears_or_vanishes_is_a_change(versions):
    assert versions(record(MARCH, city=None), record(MAY), record(JULY, city=None)) == [
        (MARCH, MAY, False, None),
        (MAY, JULY, False, "Salem"),
        (JULY, None, True, None),
    ]


def test_two_nulls_are_no_change(versions):
    assert versions(record(MARCH, city=None), record(MAY, city=None)) == [(MARCH, None, True, None)]


def test_every_attribute_of_the_source_is_tracked():
    of_the_source = {"patient_id", "effective_date", "recorded_at", "updated_at"}
    patients = contract("silver/patients")
    assert [name for name in patients.names if name not in of_the_source] == TRACKED
    types = {column.name: column.type for column in patients.columns}
    assert {name: contract("gold/dim_patient").column(name).type for name in TRACKED} == {
        name: types[name] for name in TRACKED
    }
