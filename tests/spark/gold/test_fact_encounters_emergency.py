from datetime import datetime

import pytest

from jobs.gold.facts.fact_encounters import fact_encounters
from tests.tables import rows, table

VISIT = {
    "patient_id": "P1",
    "facility_id": "F1",
    "encounter_type": "emergency",
    "admitted_at": datetime(2024, 2, 1, 10, 0),
    "discharged_at": datetime(2024, 2, 1, 13, 0),
    "discharge_disposition": "01",
    "arrived_at": datetime(2024, 2, 1, 10, 0),
    "triaged_at": datetime(2024, 2, 1, 10, 9),
    "provider_seen_at": datetime(2024, 2, 1, 10, 30, 30),
    "decided_at": datetime(2024, 2, 1, 12, 40),
    "departed_at": datetime(2024, 2, 1, 13, 0),
    "is_left_without_being_seen": False,
}
UNSEEN = {"provider_seen_at": None, "decided_at": None, "is_left_without_being_seen": True}
MINUTES = (
    "door_to_triage_minutes",
    "door_to_provider_minutes",
    "decision_to_departure_minutes",
    "emergency_length_minutes",
)


@pytest.fixture(scope="module")
def encounters(spark, patient_versions):
    def of(*encounters):
        return fact_encounters(
            encounters=table(spark, "silver/encounters", encounters),
            diagnoses=table(spark, "silver/diagnoses"),
            procedures=table(spark, "silver/procedures"),
            dim_patient=patient_versions,
        )

    return of


def test_waits_are_minutes_between_the_times_that_are_known(encounters):
    made = encounters(
        VISIT | {"encounter_id": "E1"},
        VISIT | UNSEEN | {"encounter_id": "E2"},
        {**VISIT, "encounter_id": "E3", "triaged_at": None, "departed_at": None, "discharged_at": None},
        {key: VISIT[key] for key in ("patient_id", "facility_id", "admitted_at")}
        | {"encounter_id": "E4", "encounter_type": "outpatient"},
    )
    assert rows(made, "encounter_id", *MINUTES) == [
        ("E1", 9.0, 30.5, 20.0, 180.0),
        ("E2", 9.0, None, None, 180.0),
        ("E3", None, 30.5, None, None),
        ("E4", None, None, None, None),
    ]


def test_a_stay_that_began_in_the_emergency_department_says_so(encounters):
    made = encounters(
        VISIT | {"encounter_id": "E1"},
        VISIT | {"encounter_id": "E2", "encounter_type": "inpatient"},
        VISIT | {"encounter_id": "E3", "encounter_type": "inpatient", "arrived_at": None},
    )
    assert rows(made, "encounter_id", "is_admitted_from_emergency") == [
        ("E1", False),
        ("E2", True),
        ("E3", False),
    ]


def test_who_left_unseen_left_against_nobodys_advice(encounters):
    left = {"discharge_disposition": "07"}
    made = encounters(
        VISIT | left | {"encounter_id": "E1"},
        VISIT | left | UNSEEN | {"encounter_id": "E2"},
        VISIT | left | {"encounter_id": "E3", "is_left_without_being_seen": None},
    )
    assert rows(made, "encounter_id", "is_against_medical_advice", "is_left_without_being_seen") == [
        ("E1", True, False),
        ("E2", False, True),
        ("E3", True, None),
    ]
