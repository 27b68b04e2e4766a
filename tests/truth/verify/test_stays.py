"""Stays and readmissions that are not the true ones, or don't add up, are told with the stays they are."""

import shutil
from pathlib import Path

import pytest

from carelake.verify import stays
from carelake.verify.check import Check
from carelake.verify.tables import LakeTables
from carelake.verify.truth import read_truth
from tests.truth.verify.small_lake import E1, GOLD, TRUE_STAYS, Rows, at, read, write

TRUTH = """A,excluded,transferred_out,false,,,,0.1,4.0
C,index,,false,true,true,,0.2,5.0
D,excluded,died;no_full_follow_up,true,,,,0.1,3.0
"""
ROW = {**E1, "encounter_type": "inpatient"}
ENCOUNTERS: Rows = [
    {
        **ROW,
        "encounter_id": "A",
        "admitted_at": at("2024-01-01 10:00"),
        "discharged_at": at("2024-01-03 09:00"),
    },
    {
        **ROW,
        "encounter_id": "B",
        "admitted_at": at("2024-01-03 08:00"),
        "discharged_at": at("2024-01-05 09:00"),
    },
    {
        **ROW,
        "encounter_id": "C",
        "facility_id": "F2",
        "admitted_at": at("2024-01-06 23:00"),
        "discharged_at": at("2024-01-06 23:30"),
    },
    {**ROW, "encounter_id": "D", "admitted_at": at("2024-01-20 10:00"), "discharged_at": None},
    {**ROW, "encounter_id": "R", "facility_id": "REHAB"},
    {**ROW, "encounter_id": "V", "encounter_type": "emergency"},
]
LEG = {"patient_id": "P1", "facility_id": "F1", "chain_position": 1, "is_transferred_out": False}
STAYS: Rows = [
    {
        **LEG,
        "encounter_id": "A",
        "encounter_ids": ["A", "B"],
        "admitted_at": at("2024-01-01 10:00"),
        "discharged_at": at("2024-01-05 09:00"),
        "los_days": 4,
        "chain_id": "A",
        "is_transferred_out": True,
    },
    {
        **LEG,
        "encounter_id": "C",
        "facility_id": "F2",
        "encounter_ids": ["C"],
        "admitted_at": at("2024-01-06 23:00"),
        "discharged_at": at("2024-01-06 23:30"),
        "los_days": 1,
        "chain_id": "A",
        "chain_position": 2,
    },
    {
        **LEG,
        "encounter_id": "D",
        "encounter_ids": ["D"],
        "admitted_at": at("2024-01-20 10:00"),
        "chain_id": "D",
    },
]
EXCLUDED = {"patient_id": "P1", "is_index": False, "is_planned": False}
INDEX: Rows = [
    {
        **EXCLUDED,
        "encounter_id": "A",
        "exclusion_reasons": ["transferred_out"],
        "first_exclusion_reason": "transferred_out",
    },
    {
        "encounter_id": "C",
        "is_index": True,
        "exclusion_reasons": [],
        "is_planned": False,
        "readmitted_30d": True,
        "readmitted_60d": True,
    },
    {
        **EXCLUDED,
        "encounter_id": "D",
        "is_planned": True,
        "exclusion_reasons": ["died", "no_full_follow_up"],
        "first_exclusion_reason": "died",
    },
]


@pytest.fixture
def lake(data: Path) -> Path:
    """The small lake with three stays: a leg of two rows, the next leg, and a stay that is still open."""
    write(data, stays.ENCOUNTERS, ENCOUNTERS)
    facilities = [
        {"facility_type": "acute_care"},
        {"facility_id": "REHAB", "facility_type": "rehabilitation"},
    ]
    write(data, stays.FACILITIES, [GOLD["dim_facility"][0] | facility for facility in facilities])
    write(data, stays.STAYS, STAYS)
    write(data, stays.INDEX, INDEX)
    (data / "truth/stays.csv").write_text(TRUE_STAYS + TRUTH)
    return data


def checks(data: Path) -> dict[str, Check]:
    found = stays.checks(LakeTables(data / "lake"), read_truth(data / "truth"), "no truth")
    return {check.name: check for check in found}


def off(data: Path) -> dict[str, tuple[int | None, int | None, str]]:
    """Return what is missing and what is too much of the checks that failed, and what they say."""
    failed = [check for check in checks(data).values() if check.status == "failed"]
    return {check.name: (check.missing, check.false_alarms, check.detail) for check in failed}


def change(data: Path, table: str, stay: str, **values: object) -> None:
    rows = [row | values if row["encounter_id"] == stay else row for row in read(data, table)]
    write(data, table, rows)


def without(data: Path, table: str, stay: str) -> None:
    write(data, table, [row for row in read(data, table) if row["encounter_id"] != stay])


def test_a_sound_lake_passes(lake):
    found = checks(lake)
    assert {name: check.expected for name, check in found.items()} == {
        "stays/truth": 3,
        "stays/chains": 3,
        "stays/rows": 4,
        "stays/los_days": 3,
        "readmissions/stay_class": 3,
        "readmissions/exclusion_reasons": 3,
        "readmissions/is_planned": 3,
        "readmissions/readmitted_30d": 1,
        "readmissions/readmitted_60d": 1,
        "readmissions/readmitted_90d": 0,
        "readmissions/waterfall": 3,
    }
    assert {(check.status, check.detail) for check in found.values()} == {("ok", "")}


@pytest.mark.parametrize(
    ("stay", "values", "check", "counts"),
    [
        ("A", {"is_index": True}, "stay_class", (1, 1)),
        ("A", {"exclusion_reasons": ["transferred_out", "under_18"]}, "exclusion_reasons", (0, 1)),
        ("D", {"exclusion_reasons": ["died"]}, "exclusion_reasons", (1, 0)),
        ("C", {"is_planned": True}, "is_planned", (1, 1)),
        ("C", {"readmitted_30d": False}, "readmitted_30d", (1, 1)),
        ("C", {"readmitted_60d": None}, "readmitted_60d", (1, 0)),
        ("C", {"readmitted_90d": False}, "readmitted_90d", (0, 1)),
        ("A", {"readmitted_30d": False}, "readmitted_30d", (0, 1)),
    ],
)
def test_another_value_than_the_true_one_is_told_with_its_stay(lake, stay, values, check, counts):
    change(lake, stays.INDEX, stay, **values)
    missing, alarms, detail = off(lake)[f"readmissions/{check}"]
    assert (missing, alarms) == counts
    assert f"only: {stay} " in detail


def test_the_order_of_reasons_does_not_matter(lake):
    change(lake, stays.INDEX, "D", exclusion_reasons=["no_full_follow_up", "died"])
    assert off(lake) == {}


def test_a_stay_that_is_not_there_is_missing_and_its_rows_are_in_none(lake):
    for table in (stays.STAYS, stays.INDEX):
        without(lake, table, "D")
    found = off(lake)
    assert found["stays/truth"] == (1, 0, "in the truth only: D")
    assert found["stays/rows"] == (1, 0, "in no stay: D")
    assert found["readmissions/exclusion_reasons"][:2] == (2, 0)


def test_a_stay_that_never_was_is_a_false_alarm(lake):
    lines = TRUTH.splitlines(keepends=True)
    (lake / "truth/stays.csv").write_text(TRUE_STAYS + "".join(lines[:2]))
    assert off(lake)["stays/truth"] == (0, 1, "in the lake only: D")


@pytest.mark.parametrize(
    ("stay", "values"),
    [
        ("A", {"is_index": True}),
        ("C", {"is_index": False}),
        ("C", {"exclusion_reasons": ["died"]}),
        ("D", {"first_exclusion_reason": None}),
        ("D", {"first_exclusion_reason": "under_18"}),
    ],
)
def test_a_stay_in_no_step_of_the_waterfall_or_in_two_is_told(lake, stay, values):
    change(lake, stays.INDEX, stay, **values)
    missing, alarms, detail = off(lake)["readmissions/waterfall"]
    assert (missing, alarms) == (0, 1)
    assert detail.startswith(f"in no step or in two: {stay}; ")
    assert detail.endswith(" of 3 stays")


def test_a_waterfall_that_does_not_add_up_is_told(lake):
    without(lake, stays.INDEX, "A")
    assert off(lake)["readmissions/waterfall"] == (
        1,
        0,
        "stays without a row: A; index 1, died 1 of 3 stays",
    )
    write(lake, stays.INDEX, [*INDEX, INDEX[0], {**INDEX[1], "encounter_id": "X"}])
    missing, alarms, detail = off(lake)["readmissions/waterfall"]
    assert (missing, alarms) == (0, 2)
    assert "rows of no stay: X; 1 rows are there more than once; transferred_out 2, index 2, died 1" in detail


@pytest.mark.parametrize(
    ("stay", "values"),
    [
        ("C", {"chain_id": "C", "chain_position": 1}),
        ("C", {"chain_position": 3}),
        ("A", {"is_transferred_out": False}),
        ("D", {"is_transferred_out": True}),
        ("D", {"chain_id": "A", "chain_position": 3}),
        ("D", {"chain_id": "X"}),
        ("C", {"is_transferred_out": None}),
    ],
)
def test_stays_linked_otherwise_than_they_follow_are_told(lake, stay, values):
    change(lake, stays.STAYS, stay, **values)
    assert off(lake)["stays/chains"] == (1, 0, f"linked otherwise than they follow: {stay}")


@pytest.mark.parametrize(
    "values",
    [{"admitted_at": at("2024-01-07 00:00")}, {"facility_id": "F1"}],
    ids=["two days later", "the same hospital"],
)
def test_stays_linked_though_none_follows_are_told(lake, values):
    change(lake, stays.STAYS, "C", **values)
    assert off(lake)["stays/chains"] == (2, 0, "linked otherwise than they follow: A, C")


@pytest.mark.parametrize(
    ("rows", "counts", "said"),
    [
        (["A"], (1, 0), "in no stay: B"),
        (["A", "B", "C"], (0, 1), "in more than one stay: C"),
        (["A", "B", "R"], (0, 1), "no acute inpatient rows: R"),
        (["A", "B", "V"], (0, 1), "no acute inpatient rows: V"),
    ],
)
def test_rows_in_no_stay_or_in_a_wrong_one_are_told(lake, rows, counts, said):
    change(lake, stays.STAYS, "A", encounter_ids=rows)
    missing, alarms, detail = off(lake)["stays/rows"]
    assert (missing, alarms) == counts
    assert said in detail


@pytest.mark.parametrize(
    ("stay", "values"),
    [
        ("A", {"los_days": 2}),
        ("C", {"los_days": 0}),
        ("D", {"los_days": 1}),
        ("A", {"discharged_at": at("2024-01-05 08:00")}),
        ("A", {"admitted_at": at("2024-01-01 11:00")}),
        ("D", {"discharged_at": at("2024-01-21 11:00")}),
        ("A", {"encounter_ids": ["A"]}),
    ],
)
def test_a_stay_longer_or_shorter_than_its_rows_is_told(lake, stay, values):
    change(lake, stays.STAYS, stay, **values)
    assert off(lake)["stays/los_days"] == (1, 0, f"longer or shorter than their rows: {stay}")


def test_without_a_truth_the_tables_are_held_against_themselves(lake):
    shutil.rmtree(lake / "truth")
    found = checks(lake)
    unknown = {name for name, check in found.items() if check.status == "not_checked"}
    assert unknown == {stays.TRUE_STAYS, *stays.TRUE_INDEX}
    assert {found[name].detail for name in unknown} == {"no truth"}
    assert {check.status for name, check in found.items() if name not in unknown} == {"ok"}


def test_what_is_not_built_is_not_checked(lake):
    shutil.rmtree(lake / "lake/gold/readmission_index")
    assert checks(lake)["readmissions"].detail == "gold/readmission_index is not built"
    shutil.rmtree(lake / "lake/gold/fact_stays")
    found = checks(lake)
    assert {name: check.status for name, check in found.items()} == {
        "stays": "not_checked",
        "readmissions": "not_checked",
    }
