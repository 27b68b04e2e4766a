from datetime import datetime

import pytest

from jobs.gold.dimensions.dim_facility import dim_facility
from jobs.gold.facts.fact_adverse_events import fact_adverse_events
from tests.tables import rows, table

EVENT = {
    "patient_id": "P1",
    "encounter_id": "E1",
    "facility_id": "F1",
    "event_type": "fall",
    "severity": "none",
    "status": "open",
    "occurred_at": datetime(2024, 3, 1, 3, 0),
    "reported_at": datetime(2024, 3, 2, 4, 30),
}


@pytest.fixture(scope="module")
def made(spark, patient_versions):
    stay = {"patient_id": "P1", "encounter_id": "E1", "encounter_type": "inpatient"}
    stay |= {"admitted_at": datetime(2024, 2, 28, 22, 0)}

    def of(*events):
        return fact_adverse_events(
            adverse_events=table(spark, "silver/adverse_events", events),
            encounters=table(spark, "silver/encounters", [stay]),
            dim_patient=patient_versions,
        )

    return of


def test_an_event_has_its_day_in_the_stay_and_the_version_of_that_day(made):
    found = made(
        EVENT | {"adverse_event_id": "A1"},
        EVENT | {"adverse_event_id": "A2", "occurred_at": datetime(2024, 2, 28, 23, 0)},
        EVENT | {"adverse_event_id": "A3", "encounter_id": "E9", "status": "closed"},
    )
    columns = ("adverse_event_id", "patient_sk", "days_since_admission", "hours_to_report", "is_open")
    assert rows(found, *columns) == [
        ("A1", "P1-new", 2, 25.5, True),
        ("A2", "P1-old", 0, 53.5, True),
        ("A3", "P1-new", None, 25.5, False),
    ]
    assert rows(found, "occurred_date_key", "reported_date_key")[0] == (20240228, 20240302)


def test_harm_is_told_by_its_grade(made):
    grades = ("none", "mild", "moderate", "severe", "death", "a little")
    found = made(
        *(EVENT | {"adverse_event_id": f"A{n}", "severity": grade} for n, grade in enumerate(grades))
    )
    assert rows(found, "adverse_event_id", "is_harm", "is_serious_harm", "is_serious_reportable") == [
        ("A0", False, False, False),
        ("A1", True, False, False),
        ("A2", True, False, False),
        ("A3", True, True, True),
        ("A4", True, True, True),
        ("A5", None, None, False),
    ]


def test_kinds_are_counted_in_groups_and_some_should_never_happen(made):
    kinds = (
        *("fall_with_injury", "pressure_injury_stage_2", "pressure_injury_stage_3"),
        *("medication_error", "wrong_site_procedure"),
    )
    found = made(*(EVENT | {"adverse_event_id": f"A{n}", "event_type": kind} for n, kind in enumerate(kinds)))
    assert rows(found, "adverse_event_id", "event_group", "is_serious_reportable") == [
        ("A0", "fall", False),
        ("A1", "pressure_injury", False),
        ("A2", "pressure_injury", True),
        ("A3", "other", False),
        ("A4", "surgical_never_event", True),
    ]


def test_the_key_is_that_of_the_facility(spark, made):
    facility = dim_facility(table(spark, "silver/facilities", [{"facility_id": "F1"}]))
    assert rows(made(EVENT | {"adverse_event_id": "A1"}), "facility_sk") == rows(facility, "facility_sk")
