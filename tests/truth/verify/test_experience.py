"""Emergency times, surveys and adverse events that don't fit the encounters they belong to are told."""

from datetime import date
from pathlib import Path

import pytest

from carelake.verify import experience
from carelake.verify.check import Check
from carelake.verify.tables import LakeTables
from tests.truth.verify.small_lake import E1, KEPT, at, read, write

VISIT = {
    **E1,
    "arrived_at": at("2024-02-01 10:00"),
    "triaged_at": at("2024-02-01 10:09"),
    "provider_seen_at": at("2024-02-01 10:30"),
    "decided_at": at("2024-02-01 11:40"),
    "departed_at": at("2024-02-01 12:00"),
    "discharge_disposition": "01",
    "is_left_without_being_seen": False,
    "_source_row": 1,
}
STAY = {
    **VISIT,
    "encounter_id": "E2",
    "encounter_type": "inpatient",
    "unit": "medical",
    "drg": "291",
    "admitted_at": at("2024-03-01 12:00"),
    "discharged_at": at("2024-03-04 12:00"),
    "arrived_at": at("2024-03-01 09:00"),
    "triaged_at": at("2024-03-01 09:10"),
    "provider_seen_at": at("2024-03-01 09:30"),
    "decided_at": at("2024-03-01 11:30"),
    "departed_at": at("2024-03-01 14:00"),
    "is_left_without_being_seen": None,
    "_source_row": 2,
}
MINUTES = {
    "door_to_triage_minutes": 9.0,
    "door_to_provider_minutes": 30.0,
    "decision_to_departure_minutes": 20.0,
    "emergency_length_minutes": 120.0,
}
ASKED = {"patient_id": "P1", "encounter_id": "E2", "survey_type": "hcahps", "sent_on": date(2024, 3, 10)}
SURVEYS = [
    {**ASKED, "survey_id": "S2"},
    {**ASKED, "survey_id": "S1", "encounter_id": "E1", "survey_type": "nps", "sent_on": date(2024, 2, 2)},
]
FALL = {
    "adverse_event_id": "A1",
    "patient_id": "P1",
    "encounter_id": "E2",
    "facility_id": "F1",
    "event_type": "fall",
    "occurred_at": at("2024-03-02 03:00"),
    "reported_at": at("2024-03-02 04:30"),
}


@pytest.fixture
def lake(data: Path) -> Path:
    """The small lake with a visit, a stay with a fall in it, and a survey about each."""
    write(data, "silver/encounters", [VISIT, STAY])
    fact = read(data, "gold/fact_encounters")[0]
    stay = {"door_to_triage_minutes": 10.0, "decision_to_departure_minutes": 150.0}
    stay |= {"emergency_length_minutes": 300.0, "encounter_id": "E2"}
    write(data, "gold/fact_encounters", [fact | MINUTES, fact | MINUTES | stay])
    write(data, "silver/surveys", SURVEYS)
    write(data, "gold/fact_surveys", [{**row, "is_eligible": True} for row in SURVEYS])
    write(data, "silver/adverse_events", [FALL])
    write(data, "gold/fact_adverse_events", [{**FALL, "hours_to_report": 1.5}])
    return data


def checks(data: Path) -> dict[str, Check]:
    return {check.name: check for check in experience.checks(LakeTables(data / "lake"))}


def counts(data: Path, name: str) -> tuple[int | None, ...]:
    check = checks(data)[name]
    return check.expected, check.missing, check.false_alarms


def change(data: Path, table: str, number: int = 0, **values: object) -> None:
    """Change a row of a table."""
    rows = sorted(read(data, table), key=str)
    rows[number] |= values
    write(data, table, rows)


def test_a_sound_lake_passes(lake):
    found = checks(lake)
    assert {name for name, check in found.items() if check.status != "ok"} == set()
    assert {check.expected for check in found.values()} == {1, 2}
    assert len(found) == 8


def test_what_is_not_built_is_not_checked(tmp_path):
    assert list(experience.checks(LakeTables(tmp_path / "lake"))) == []


@pytest.mark.parametrize(
    ("number", "values"),
    [
        (0, {"arrived_at": at("2024-02-01 09:59")}),
        (0, {"departed_at": at("2024-02-01 11:59")}),
        (0, {"departed_at": None}),
        (0, {"encounter_type": "outpatient"}),
        (0, {"is_left_without_being_seen": True}),
        (1, {"arrived_at": at("2024-03-01 12:01")}),
        (1, {"decided_at": at("2024-03-01 12:30")}),
        (1, {"departed_at": at("2024-03-01 11:45")}),
        (1, {"departed_at": at("2024-03-04 12:01")}),
    ],
)
def test_times_that_do_not_fit_the_encounter_are_told(lake, number, values):
    change(lake, "silver/encounters", number, **values)
    assert counts(lake, "emergency/times") == (2, 1, 0)


@pytest.mark.parametrize(
    "values",
    [
        {"departed_at": None, "discharged_at": None},
        {"provider_seen_at": None, "decided_at": None, "is_left_without_being_seen": True},
        {"arrived_at": at("2024-01-29 10:00"), "_warnings": ["emergency_wait_implausible"]},
    ],
)
def test_what_is_open_left_or_flagged_is_no_fault(lake, values):
    change(lake, "silver/encounters", **values)
    assert checks(lake)["emergency/times"].status == "ok"


@pytest.mark.parametrize("name", MINUTES)
def test_other_minutes_in_gold_are_told(lake, name):
    change(lake, "gold/fact_encounters", **{name: 31.5})
    assert counts(lake, "emergency/minutes") == (2, 1, 0)
    change(lake, "gold/fact_encounters", **{name: None})
    assert counts(lake, "emergency/minutes") == (2, 1, 0)


def test_a_survey_sent_before_the_end_is_told(lake):
    change(lake, "silver/surveys", sent_on=date(2024, 2, 1), encounter_id="E1")
    assert counts(lake, "surveys/after_discharge") == (2, 1, 0)


def test_a_survey_about_an_open_or_endless_encounter_is_not_compared(lake):
    change(lake, "silver/encounters", discharged_at=None)
    change(lake, "silver/encounters", 1, _warnings=["stay_implausible"])
    assert counts(lake, "surveys/after_discharge") == (0, 0, 0)
    assert counts(lake, "surveys/eligible") == (0, 0, 0)


def test_an_encounter_asked_about_twice_is_told(lake):
    change(lake, "silver/surveys", encounter_id="E2")
    change(lake, "silver/surveys", 1, encounter_id="E2")
    assert counts(lake, "surveys/one_per_encounter") == (2, 2, 0)


@pytest.mark.parametrize(
    ("number", "values"),
    [
        (0, {"discharge_disposition": "20"}),
        (1, {"discharge_disposition": "51"}),
        (1, {"discharge_disposition": "03"}),
        (1, {"unit": "psychiatric"}),
        (1, {"drg": "885"}),
        (1, {"discharged_at": at("2024-03-01 20:00")}),
        (1, {"encounter_type": "outpatient"}),
        (1, {"admitted_at": at("1987-12-31 20:00")}),
    ],
)
def test_a_survey_nobody_should_get_is_told_and_that_gold_did_not_see_it(lake, number, values):
    change(lake, "silver/encounters", number, **values)
    assert counts(lake, "surveys/eligible") == (2, 1, 1)


def test_gold_that_calls_a_sound_survey_ineligible_is_told(lake):
    change(lake, "gold/fact_surveys", is_eligible=False)
    assert counts(lake, "surveys/eligible") == (2, 0, 1)


def test_the_youngest_known_birth_decides_on_age(lake):
    rows = [{**row, "birth_date": date(2010, 1, 1)} for row in KEPT["patients"]]
    write(lake, "silver/patients", rows)
    assert counts(lake, "surveys/eligible") == (2, 2, 2)


@pytest.mark.parametrize("moment", ["2024-03-01 11:59", "2024-03-04 12:01"])
def test_an_event_outside_its_stay_is_told(lake, moment):
    change(lake, "silver/adverse_events", occurred_at=at(moment))
    assert counts(lake, "adverse_events/in_stay") == (1, 1, 0)


def test_an_event_in_a_stay_that_goes_on_is_within_it(lake):
    change(lake, "silver/encounters", 1, discharged_at=None, departed_at=None)
    assert counts(lake, "adverse_events/in_stay") == (1, 0, 0)


def test_an_event_at_another_facility_is_told(lake):
    change(lake, "silver/adverse_events", facility_id="F2")
    assert counts(lake, "adverse_events/facility") == (1, 1, 0)


def test_an_event_reported_before_it_happened_is_told(lake):
    change(lake, "silver/adverse_events", reported_at=at("2024-03-02 02:00"))
    change(lake, "gold/fact_adverse_events", hours_to_report=-1.0)
    assert counts(lake, "adverse_events/reported") == (1, 1, 0)


def test_other_hours_in_gold_are_told(lake):
    change(lake, "gold/fact_adverse_events", hours_to_report=2.5)
    assert counts(lake, "adverse_events/reported") == (1, 1, 0)
