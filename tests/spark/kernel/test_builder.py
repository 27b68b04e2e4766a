"""A table is built whole once, then only where its inputs changed, and always ends as if built whole."""

from dataclasses import replace

import pytest

from carelake.bronze import bronze_columns, ddl
from carelake.builder import Builder
from carelake.contract import Rule
from carelake.registry import Registry
from carelake.states import Note
from tests.builders import assert_same_rows
from tests.fragile import FragileLake, Killed
from tests.spark.kernel.small_tables import CONTRACTS, Wards

OLD, NEW, NEWER = "2024-01-01 00:00:00", "2024-02-01 00:00:00", "2024-03-01 00:00:00"


class Place:
    """A lake that a test delivers rows to and builds."""

    def __init__(self, spark, root):
        self.spark = spark
        self.lake = FragileLake(root, lambda: spark)
        self.registry = Registry(CONTRACTS)
        self.wards = Wards()
        self.deliveries = 0

    def deliver(self, **tables):
        self.deliveries += 1
        for name, rows in tables.items():
            of = CONTRACTS[f"silver/{name}"]
            audit = {"_source_file": f"{self.deliveries}.csv", "_batch_id": f"b{self.deliveries}"}
            placed = [
                dict(zip(of.names, row, strict=True)) | audit | {"_source_row": n}
                for n, row in enumerate(rows, 1)
            ]
            columns = bronze_columns(of)
            frame = self.spark.createDataFrame(
                [tuple(row.get(c) for c in columns) for row in placed], ddl(columns)
            )
            self.lake.append(f"bronze/{name}", frame, Note("load", of.fingerprint))

    def build(self, *, full=False):
        """Build all tables; return per table its status, or the rows that an update changed."""
        builder = Builder(self.lake, self.registry, self.wards, "run", full=full)
        built = [
            one for table in self.registry.order for one in builder.build(self.registry.contracts[table])
        ]
        return {one.table: one.written.changed if one.written else one.status for one in built}

    def rows(self, table, *columns):
        return sorted(tuple(row) for row in self.lake.read(table).select(*columns).collect())


@pytest.fixture
def place(spark, tmp_path):
    return Place(spark, tmp_path / "lake")


DELIVERIES = [
    {
        "people": [("P1", "1950-01-01", OLD), ("P2", "", OLD), ("P4", "x", OLD)],
        "visits": [
            ("V1", "P1", "icu", "9", OLD),
            ("V2", "P2", "icu", "-1", OLD),
            ("V4", "P4", "icu", "9", OLD),
            ("V5", "", "icu", "9", OLD),
            ("", "P1", "icu", "9", OLD),
        ],
    },
    # V3 comes before its person; V5, until now nobody's, turns out to be of P2.
    {"visits": [("V3", "P3", "icu", "9", OLD), ("V5", "P2", "icu", "3", NEW)]},
    # P4 is corrected and P3 appears: their visits are released. V1 moves from P1 to P2.
    {
        "people": [("P4", "", NEW), ("P3", "", OLD)],
        "visits": [("V1", "P2", "icu", "8", NEW), ("V2", "P2", "icu", "1", NEW)],
    },
    # Old news, a repeated row and a bad update change nothing that stands.
    {
        "visits": [
            ("V2", "P2", "icu", "7", OLD),
            ("V1", "P2", "icu", "8", NEW),
            ("V1", "P1", "icu", "-1", NEWER),
        ]
    },
]


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
