"""Of a key's rows the latest sound one wins; the rest is superseded, or bad where nothing replaced it."""

import pytest

from tests.builders import bronze, delivered, judged
from tests.tables import contract

OLD, NEW, NEWER = "2024-01-01 00:00:00", "2024-02-01 00:00:00", "2024-03-01 00:00:00"


def sound(at, **changes):
    return delivered("providers", updated_at=at, **changes)


def bad(at, **changes):
    return delivered("providers", updated_at=at, active_from="never", **changes)


def outcomes(spark, *rows, name="providers", **parents):
    return [row["_outcome"] for row in judged(spark, name, rows, **parents)]


CASES = {
    "alone": ([sound(OLD)], ["silver"]),
    "a later version": ([sound(OLD), sound(NEW)], ["superseded", "silver"]),
    "a late old version": ([sound(NEW), sound(OLD)], ["silver", "superseded"]),
    "other keys": ([sound(OLD), sound(OLD, provider_id="D2")], ["silver", "silver"]),
    "keys that differ in case": ([sound(OLD), sound(NEW, provider_id=" d1")], ["superseded", "silver"]),
    "bad alone": ([bad(OLD)], ["quarantine"]),
    "bad twice": ([bad(OLD), bad(NEW)], ["quarantine", "quarantine"]),
    "bad, then corrected": ([bad(OLD), sound(NEW)], ["superseded", "silver"]),
    "bad, corrected at the same time": ([bad(OLD), sound(OLD)], ["superseded", "silver"]),
    "a bad update": ([sound(OLD), bad(NEW)], ["silver", "quarantine"]),
    "a bad update, then a good one": (
        [sound(OLD), bad(NEW), sound(NEWER)],
        ["superseded", "superseded", "silver"],
    ),
    "bad, of no known time": ([bad(""), sound(OLD)], ["superseded", "silver"]),
    "bad, of an unreadable time": ([bad("x"), sound(OLD)], ["superseded", "silver"]),
    "no key": ([sound(OLD, provider_id=""), sound(OLD, provider_id="")], ["quarantine", "quarantine"]),
    "no key beside one": ([sound(OLD, provider_id=""), sound(OLD)], ["quarantine", "silver"]),
    "malformed": (
        [{"_rescued": '{"_malformed": "nul_byte", "_line": "x"}'}] * 2,
        ["quarantine", "quarantine"],
    ),
}


def keyed(row, case):
    """Give the rows of a case keys of their own, so that all cases are judged at once."""
    key = row.get("provider_id")
    return row | {"provider_id": key.replace("1", f"1-{case}").replace("2", f"2-{case}")} if key else row


@pytest.fixture(scope="module")
def found(spark):
    rows = [keyed(row, case) for case, (rows, _) in enumerate(CASES.values()) for row in rows]
    judgements = iter(outcomes(spark, *rows))
    return {case: [next(judgements) for _ in rows] for case, (rows, _) in CASES.items()}


@pytest.mark.parametrize("case", CASES)
def test_a_row_s_outcome(found, case):
    assert found[case] == CASES[case][1]


def test_of_equal_rows_one_stays(spark):
    assert sorted(outcomes(spark, *[sound(OLD)] * 3)) == ["silver", "superseded", "superseded"]


@pytest.mark.parametrize(
    "rivals",
    [
        [{"first_name": "Ann"}, {"first_name": "Bea"}, {"first_name": "Cleo"}],
        [{"first_name": "Ann"}, {"state": "Ann"}, {}],
        [{"active_from": "2020-01-01"}, {"active_to": "2020-01-01"}],
    ],
    ids=["other values", "the same text in other columns", "the same date in other columns"],
)
def test_a_tie_doesn_t_depend_on_the_order_of_arrival(spark, rivals):
    def winner(order):
        rows = judged(spark, "providers", [sound(OLD, **changes) for changes in order])
        return [
            tuple(row[name] for name in contract("silver/providers").names)
            for row in rows
            if row["_outcome"] == "silver"
        ]

    first = winner(rivals)
    assert len(first) == 1
    assert winner(reversed(rivals)) == first


def test_a_corrected_row_releases_the_bad_one_and_its_orphans(spark):
    def diagnosis(*encounters):
        judgements = judged(spark, "encounters", encounters, patients=[{"patient_id": "P1"}])
        in_silver = [
            {"patient_id": row["patient_id"], "encounter_id": row["encounter_id"]}
            for row in judgements
            if row["_outcome"] == "silver"
        ]
        parents = {"patients": [{"patient_id": "P1"}], "encounters": in_silver}
        return [row["_outcome"] for row in judgements], outcomes(
            spark, delivered("diagnoses"), name="diagnoses", **parents
        )

    first = delivered("encounters", discharged_at="2024-02-01 00:00:00")
    corrected = delivered("encounters", updated_at="2024-04-01 00:00:00")
    assert diagnosis(first) == (["quarantine"], ["quarantine"])
    assert diagnosis(first, corrected) == (["superseded", "silver"], ["silver"])


def test_an_encounter_of_another_patient_is_no_parent(spark):
    parents = {
        "patients": [{"patient_id": "P1"}, {"patient_id": "P2"}],
        "encounters": [{"patient_id": "P1", "encounter_id": "E1"}],
    }
    rows = [delivered("diagnoses"), delivered("diagnoses", diagnosis_id="X2", patient_id="P2")]
    assert outcomes(spark, *rows, name="diagnoses", **parents) == ["silver", "quarantine"]


def test_a_row_appears_once_however_often_its_parent_is_there(spark):
    versions = [{"patient_id": "P1"}, {"patient_id": "P1"}]
    assert outcomes(spark, delivered("encounters"), name="encounters", patients=versions) == ["silver"]


def original(**changes):
    return delivered("claims", **changes)


def adjusted(**changes):
    linked = {"claim_id": "C2", "claim_version": "adjustment", "original_claim_id": "C1"}
    return delivered("claims", **linked | changes)


CORRECTIONS = {
    "with its original": ([original(), adjusted()], [[], []]),
    "before its original": ([adjusted(), original()], [[], []]),
    "alone": ([adjusted()], [["orphan"]]),
    "of a bad original": (
        [original(billed_amount="x"), adjusted()],
        [["billed_amount_unparseable"], ["orphan"]],
    ),
    "of an original that is an orphan": ([original(encounter_id="E9"), adjusted()], [["orphan"], ["orphan"]]),
    "of another patient's claim": (
        [original(), adjusted(patient_id="Q1", encounter_id="")],
        [[], ["orphan"]],
    ),
    "of an adjustment": (
        [original(), adjusted(), adjusted(claim_id="C3", original_claim_id="C2")],
        [[], [], ["orphan"]],
    ),
    "of itself": ([adjusted(original_claim_id="C2")], [["orphan"]]),
    "bad as well": ([adjusted(billed_amount="")], [["billed_amount_missing", "orphan"]]),
}


@pytest.fixture(scope="module")
def corrections(spark):
    """Judge all cases at once, each about patients and claims of its own."""
    names = ("patient_id", "encounter_id", "claim_id", "original_claim_id")
    rows = [
        row | {name: row[name] and f"{row[name]}-{case}" for name in names}
        for case, (rows, _) in enumerate(CORRECTIONS.values())
        for row in rows
    ]
    patients = [{"patient_id": f"{p}1-{case}"} for case in range(len(CORRECTIONS)) for p in "PQ"]
    encounters = [
        {"patient_id": f"P1-{case}", "encounter_id": f"E1-{case}"} for case in range(len(CORRECTIONS))
    ]
    judgements = iter(judged(spark, "claims", rows, patients=patients, encounters=encounters))
    return {case: [next(judgements)["_reasons"] for _ in rows] for case, (rows, _) in CORRECTIONS.items()}


@pytest.mark.parametrize("case", CORRECTIONS)
def test_a_correction_needs_a_sound_original_of_the_same_patient(corrections, case):
    assert corrections[case] == CORRECTIONS[case][1]


def test_every_delivered_row_has_one_outcome(spark):
    rows = [row for rows, _ in CASES.values() for row in rows]
    assert len(outcomes(spark, *rows)) == len(rows) == bronze(spark, "providers", rows).count()
