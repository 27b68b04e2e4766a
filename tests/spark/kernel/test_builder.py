"""A table is built whole once, then only where its inputs changed, and always ends as if built whole."""

from dataclasses import replace

import pytest

from carelake.contract import Rule
from carelake.registry import Registry
from tests.builders import assert_same_rows
from tests.fragile import Killed
from tests.spark.kernel.small_place import DELIVERIES, OLD, Place
from tests.spark.kernel.small_tables import CONTRACTS


@pytest.fixture
def place(spark, tmp_path):
    return Place(spark, tmp_path / "lake")


def test_increments_and_a_kill_end_where_one_build_ends(spark, tmp_path, place):
    whole = Place(spark, tmp_path / "whole")
    for number, delivery in enumerate(DELIVERIES):
        whole.deliver(**delivery)
        place.deliver(**delivery)
        if number == 2:
            kill_between_silver_and_quarantine(place)
        place.build()
    built = whole.build()
    assert set(built.values()) == {"built"}
    for table in built:
        assert_same_rows(place.lake.read(table), whole.lake.read(table))
    assert place.rows("silver/visits", "visit_id", "patient_id", "days") == [
        ("V1", "P2", 8),
        ("V2", "P2", 1),
        ("V3", "P3", 9),
        ("V4", "P4", 9),
        ("V5", "P2", 3),
    ]
    assert place.rows("quarantine/visits", "_reasons", "_source_file") == [
        (["days_negative"], "4.csv"),
        (["visit_id_missing"], "1.csv"),
    ]
    assert place.rows("gold/long_stays", "patient_id", "visits") == [("P2", 1), ("P3", 1), ("P4", 1)]


def kill_between_silver_and_quarantine(place):
    place.lake.commits = place.lake.made + 1
    with pytest.raises(Killed):
        place.build()
    place.lake.commits = None
    states = [place.lake.state(f"{layer}/people") for layer in ("silver", "quarantine")]
    assert states[0].note.inputs != states[1].note.inputs


def test_what_is_where_it_should_be_is_left_alone(place):
    place.deliver(**DELIVERIES[0])
    assert set(place.build().values()) == {"built"}
    made = place.lake.made
    assert set(place.build().values()) == {"current"}
    assert place.lake.made == made

    assert set(place.build(full=True).values()) == {0}, "a full build over the same inputs changes no row"

    place.deliver(people=[("P1", "1950-01-01", OLD)])
    assert place.build() == {
        "silver/people": 0,
        "quarantine/people": 0,
        "silver/visits": "current",
        "quarantine/visits": "current",
        "gold/long_stays": "current",
    }, "what reads a table whose rows stayed the same has nothing to do"


def test_a_changed_code_set_touches_every_scope(place):
    place.deliver(**DELIVERIES[0])
    place.build()
    place.wards.usual_days["icu"] = 10
    built = place.build()
    assert (built["silver/visits"], built["gold/long_stays"]) == ("current", 1)
    assert place.rows("gold/long_stays", "patient_id") == []


def test_another_contract_makes_the_table_and_its_readers_anew(place):
    place.deliver(**DELIVERIES[0])
    place.build()
    people = CONTRACTS["silver/people"]
    never = Rule("never", "true", "Nothing breaks it.", "warning")
    place.registry = Registry(CONTRACTS | {"silver/people": replace(people, rules=(never,))})
    built = place.build()
    assert (built["silver/people"], built["quarantine/people"]) == ("built", "built")
    assert (built["silver/visits"], built["gold/long_stays"]) == (0, "current")
    assert set(place.build().values()) == {"current"}


def test_the_note_tells_what_the_rows_were_made_from(place):
    place.build()
    state = place.lake.state("gold/long_stays")
    assert state.note.inputs == {
        "silver/visits": place.lake.state("silver/visits").stamp,
        "reference/wards": place.wards.version("wards"),
    }
    assert state.note.contract == CONTRACTS["gold/long_stays"].fingerprint


def test_tables_without_any_data_are_empty(place):
    assert set(place.build().values()) == {"built"}
    assert place.rows("silver/visits", "visit_id") == []
