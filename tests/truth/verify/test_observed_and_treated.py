"""Observations and treatments: whatever contradicts encounters, diagnoses or deaths must be told."""

from datetime import date
from pathlib import Path

import pytest

from carelake.states import Note
from carelake.verify import observed, treated
from carelake.verify.check import Check
from carelake.verify.progress import Progress
from carelake.verify.tables import LakeTables
from carelake.verify.truth import Truth, read_truth
from tests.truth.verify.small_lake import Rows, at, read, write

VALUE = {
    "observation_id": "O1",
    "encounter_id": "E1",
    "patient_id": "P1",
    "observation_code": "718-7",
    "value": 13.0,
    "unit": "g/dL",
    "observed_at": at("2024-02-01 11:00"),
}
JUDGED = {"patient_sk": "s1", "is_plausible": True, "is_abnormal": False, "abnormal_flag": "N"}
TREATED = {
    "treatment_id": "T1",
    "patient_id": "P1",
    "diagnosis_code": "E119",
    "started_on": date(2024, 3, 1),
    "ended_on": date(2024, 3, 11),
}
CODED = {"diagnosis_id": "D1", "encounter_id": "E1", "patient_id": "P1", "diagnosis_code": "E119"}


@pytest.fixture
def data(data: Path) -> Path:
    """The small lake with three values of a patient and two treatments of another."""
    values = [
        VALUE,
        VALUE | {"observation_id": "O2", "observed_at": at("2024-02-01 12:00")},
        VALUE | {"observation_id": "O3", "observed_at": at("2024-01-31"), "_warnings": [observed.OUTSIDE]},
    ]
    write(data, "silver/observations", [row | {"_source_row": n} for n, row in enumerate(values, 1)])
    facts = [VALUE | JUDGED | {"observation_id": row["observation_id"]} for row in values]
    for fact, value in zip(facts, values, strict=True):
        fact |= {"observed_at": value["observed_at"]}
        fact |= {"is_first": fact["observation_id"] == "O1", "is_last": fact["observation_id"] == "O2"}
        fact |= {"is_within_encounter": fact["observation_id"] != "O3"}
    write(data, "gold/fact_observations", facts)
    sexes = {"s1": "F", "s2": "F", "s3": "U"}
    versions = [row | {"sex": sexes[row["patient_sk"]]} for row in read(data, "gold/dim_patient")]
    write(data, "gold/dim_patient", versions)
    write(data, "gold/dim_diagnosis", [{"diagnosis_code": "E119"}, {"diagnosis_code": "I10"}])
    write(data, "silver/diagnoses", [CODED])
    write(data, "silver/registry", [{"patient_id": "P2", "diagnosis_code": "I10"}])
    treatments = [TREATED, TREATED | {"treatment_id": "T2", "patient_id": "P2", "diagnosis_code": "I10"}]
    write(data, "silver/treatments", [row | {"_source_row": n} for n, row in enumerate(treatments, 1)])
    write(data, "gold/fact_treatments", treatments)
    return data


def checks(data: Path, truth: bool = True) -> dict[str, Check]:
    tables = LakeTables(data / "lake")
    sealed: Truth | None = read_truth(data / "truth") if truth else None
    progress = Progress((), {}, sealed)
    made = [*observed.checks(tables, progress, sealed), *treated.checks(tables, progress, sealed)]
    return {check.group: check for check in made}


def counts(check: Check) -> tuple[int | None, ...]:
    return check.expected, check.missing, check.false_alarms


def change(data: Path, table: str, key: str, **values: object) -> None:
    """Change the row of a table whose first column is the key."""
    found = read(data, table)
    write(data, table, [row | values if next(iter(row.values())) == key else row for row in found])


def facts(data: Path) -> Rows:
    return read(data, "gold/fact_observations")


def test_a_sound_lake_passes(data):
    found = checks(data)
    assert {name: (check.status, check.expected) for name, check in found.items()} == {
        "within_encounter": ("ok", 3),
        "ends": ("ok", 1),
        "flags": ("ok", 3),
        "coded": ("ok", 2),
        "outlived": ("ok", 2),
    }


def test_without_a_truth_only_what_any_lake_obeys_is_checked(data):
    found = checks(data, truth=False)
    assert [name for name, check in found.items() if check.status == "not_checked"] == [
        "flags",
        "coded",
        "outlived",
    ]


@pytest.mark.parametrize("moment", ["2024-02-01 09:59", "2024-02-01 12:01"])
def test_a_value_outside_its_encounter_must_be_flagged(data, moment):
    change(data, "silver/observations", "O1", observed_at=at(moment))
    found = checks(data)["within_encounter"]
    assert counts(found) == (3, 1, 0)
    assert found.detail == "outside their encounter and not flagged: observations.csv row 1"


def test_a_value_inside_its_encounter_must_not_be_flagged(data):
    change(data, "silver/observations", "O1", _warnings=[observed.OUTSIDE])
    assert counts(checks(data)["within_encounter"]) == (3, 0, 1)


def test_a_value_without_its_encounter_is_told(data):
    change(data, "silver/observations", "O1", encounter_id="E9")
    assert counts(checks(data)["within_encounter"]) == (3, 1, 0)


def test_an_open_encounter_has_no_end(data):
    change(data, "silver/encounters", "E1", discharged_at=None)
    change(data, "silver/observations", "O1", observed_at=at("2024-02-09"))
    assert checks(data)["within_encounter"].status == "ok"


@pytest.mark.parametrize(
    "values",
    [
        ("O2", {"is_first": True}),
        ("O1", {"is_last": True}),
        ("O2", {"is_last": False}),
        ("O1", {"observed_at": at("2024-02-01 12:01")}),
        ("O3", {"is_within_encounter": True}),
        ("O3", {"is_first": True}),
        ("O1", {"is_plausible": False}),
    ],
    ids=str,
)
def test_first_and_last_must_be_one_each_and_in_time(data, values):
    change(data, "gold/fact_observations", values[0], **values[1])
    assert counts(checks(data)["ends"]) == (1, 1, 0)


def test_values_that_do_not_count_have_no_first_and_no_last(data):
    rows = [row | {"is_plausible": False, "is_first": False, "is_last": False} for row in facts(data)]
    write(data, "gold/fact_observations", rows)
    assert counts(checks(data)["ends"]) == (1, 0, 0)


def test_a_flag_that_gold_contradicts_is_told(data):
    change(data, "gold/fact_observations", "O1", abnormal_flag="H")
    change(data, "gold/fact_observations", "O2", is_abnormal=None)
    assert counts(checks(data)["flags"]) == (3, 1, 1)


@pytest.mark.parametrize(
    "values", [{"is_plausible": False}, {"patient_sk": None}, {"patient_sk": "s3"}, {"abnormal_flag": "?"}]
)
def test_values_that_gold_does_not_judge_need_no_range(data, values):
    change(data, "gold/fact_observations", "O1", is_abnormal=None, **values)
    assert counts(checks(data)["flags"]) == (2, 0, 0)


def test_a_treatment_for_what_was_never_coded_is_told(data):
    change(data, "silver/treatments", "T1", diagnosis_code="I10")
    found = checks(data)["coded"]
    assert counts(found) == (2, 1, 0)
    assert found.detail == "for no diagnosis of the patient's: treatments.csv row 1"


def test_a_coding_of_another_patient_is_none(data):
    write(data, "silver/registry", [{"patient_id": "P1", "diagnosis_code": "I10"}])
    assert counts(checks(data)["coded"]) == (2, 1, 0)


def test_patients_with_spoiled_or_unknown_codings_are_left_out(data):
    write(data, "silver/diagnoses", [])
    assert counts(checks(data)["coded"]) == (2, 1, 0)
    write(data, "quarantine/diagnoses", [{"_scope": "P1", "_raw": "{}", "_reasons": ["orphan"]}])
    assert counts(checks(data)["coded"]) == (1, 0, 0)
    write(data, "quarantine/diagnoses", [])
    write(data, "silver/diagnoses", [CODED | {"diagnosis_code": "Z9989ZZ"}])
    assert counts(checks(data)["coded"]) == (1, 0, 0)


def test_a_treatment_for_an_unknown_code_is_left_out(data):
    change(data, "silver/treatments", "T1", diagnosis_code="Z9989ZZ")
    assert counts(checks(data)["coded"]) == (1, 0, 0)


def test_treatments_of_the_newest_delivery_wait_for_late_codings(data):
    change(data, "silver/treatments", "T1", diagnosis_code="I10", _source_file="2025-02-01/treatments.csv")
    files = {f"{folder}diagnoses.csv": {"sha256": "x", "rows": 0} for folder in ("", "2025-02-01/")}
    write(data, "bronze/diagnoses", [], Note("run1", "c", files=files))
    assert counts(checks(data)["coded"]) == (1, 0, 0)
    later = files | {"2025-03-01/diagnoses.csv": {"sha256": "y", "rows": 0}}
    write(data, "bronze/diagnoses", [], Note("run2", "c", files=later))
    assert counts(checks(data)["coded"]) == (2, 1, 0)


@pytest.mark.parametrize(
    ("died", "alarms"), [(date(2024, 3, 11), 0), (date(2024, 3, 10), 1), (date(2024, 2, 29), 1)]
)
def test_a_treatment_that_outlives_its_patient_is_told(data, died, alarms):
    versions = [row | {"death_date": died} for row in read(data, "gold/dim_patient") if row["is_current"]]
    write(data, "gold/dim_patient", [row for row in versions if row["patient_id"] == "P1"])
    assert counts(checks(data)["outlived"]) == (1, 0, alarms)
