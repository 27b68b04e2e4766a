from datetime import datetime

import pytest

from jobs.gold.dimensions.dim_facility import dim_facility
from jobs.gold.dimensions.dim_provider import dim_provider
from jobs.gold.facts.fact_encounters import fact_encounters
from jobs.gold.facts.fact_procedures import fact_procedures
from tests.tables import rows, table

STAY = {
    "patient_id": "P1",
    "facility_id": "F1",
    "encounter_type": "inpatient",
    "admitted_at": datetime(2024, 2, 28, 22, 0),
    "discharged_at": datetime(2024, 3, 2, 10, 0),
    "discharge_disposition": "01",
}


@pytest.fixture(scope="module")
def encounters(spark, patient_versions):
    def of(*encounters, diagnoses=(), procedures=()):
        return fact_encounters(
            encounters=table(spark, "silver/encounters", encounters),
            diagnoses=table(spark, "silver/diagnoses", diagnoses),
            procedures=table(spark, "silver/procedures", procedures),
            dim_patient=patient_versions,
        )

    return of


def test_a_stay_has_a_length_and_a_visit_has_none(encounters):
    made = encounters(
        STAY | {"encounter_id": "E1"},
        STAY | {"encounter_id": "E2", "discharged_at": datetime(2024, 2, 28, 23, 0)},
        STAY | {"encounter_id": "E3", "discharged_at": None, "discharge_disposition": "30"},
        STAY | {"encounter_id": "E4", "encounter_type": "emergency"},
    )
    assert rows(made, "encounter_id", "los_days", "los_hours", "is_open") == [
        ("E1", 3, 60.0, False),
        ("E2", 1, 1.0, False),
        ("E3", None, None, True),
        ("E4", None, 60.0, False),
    ]


def test_the_patients_version_is_that_of_the_day_of_admission(encounters):
    """Before the first version there is none, but the birth date told later holds then too."""
    made = encounters(
        STAY | {"encounter_id": "E1", "admitted_at": datetime(2024, 2, 29, 23, 59)},
        STAY | {"encounter_id": "E2", "admitted_at": datetime(2024, 3, 1, 0, 0)},
        STAY | {"encounter_id": "E3", "admitted_at": datetime(2019, 12, 31, 12, 0)},
        STAY | {"encounter_id": "E4", "patient_id": "P9"},
    )
    assert rows(made, "encounter_id", "patient_sk", "age_at_admission") == [
        ("E1", "P1-old", 73),
        ("E2", "P1-new", 73),
        ("E3", None, 69),
        ("E4", None, None),
    ]


def test_the_outcome_is_known_once_the_encounter_has_ended(encounters):
    made = encounters(
        STAY | {"encounter_id": "E1", "discharge_disposition": "20"},
        STAY | {"encounter_id": "E2", "discharge_disposition": "07"},
        STAY | {"encounter_id": "E3", "discharge_disposition": None},
        STAY | {"encounter_id": "E4", "discharged_at": None, "discharge_disposition": "30"},
    )
    assert rows(made, "encounter_id", "is_death", "is_against_medical_advice") == [
        ("E1", True, False),
        ("E2", False, True),
        ("E3", None, None),
        ("E4", None, None),
    ]


def test_the_coding_is_summed_up(encounters):
    of_e1 = {"patient_id": "P1", "encounter_id": "E1"}
    made = encounters(
        STAY | {"encounter_id": "E1"},
        STAY | {"encounter_id": "E2"},
        diagnoses=[
            of_e1 | {"diagnosis_id": "D1", "sequence": 2, "diagnosis_code": "E119"},
            of_e1 | {"diagnosis_id": "D3", "sequence": 1, "diagnosis_code": "I214"},
            of_e1 | {"diagnosis_id": "D2", "sequence": 1, "diagnosis_code": "I500"},
            of_e1
            | {
                "diagnosis_id": "D4",
                "sequence": 4,
                "diagnosis_code": "J189",
                "present_on_admission": "N",
            },
        ],
        procedures=[of_e1 | {"procedure_id": "R1", "sequence": 1, "procedure_code": "027034Z"}],
    )
    columns = (
        "encounter_id",
        "principal_diagnosis_code",
        "diagnosis_count",
        "hospital_acquired_count",
        "principal_procedure_code",
        "procedure_count",
    )
    assert rows(made, *columns) == [
        ("E1", "I500", 4, 1, "027034Z", 1),
        ("E2", None, 0, 0, None, 0),
    ]


def test_the_keys_are_those_of_the_dimensions(spark, encounters):
    """Whether or not the dimension has the row yet: the key is a hash of what the fact itself knows."""
    facility = dim_facility(table(spark, "silver/facilities", [{"facility_id": "F1"}]))
    provider = dim_provider(table(spark, "silver/providers", [{"provider_id": "V1"}]))
    made = encounters(STAY | {"encounter_id": "E1", "provider_id": "V1"})
    [(facility_sk, provider_sk, payer_sk)] = rows(made, "facility_sk", "provider_sk", "payer_sk")
    assert [(facility_sk,)] == rows(facility, "facility_sk")
    assert [(provider_sk,)] == rows(provider, "provider_sk")
    assert payer_sk is None
    assert rows(made, "admit_date_key", "discharge_date_key") == [(20240228, 20240302)]


def test_a_procedure_bears_its_encounter_and_the_version_of_its_own_day(spark, patient_versions):
    of_e1 = {"patient_id": "P1", "encounter_id": "E1", "procedure_code": "027034Z", "sequence": 1}
    made = fact_procedures(
        procedures=table(
            spark,
            "silver/procedures",
            [
                of_e1 | {"procedure_id": "R1", "performed_at": datetime(2024, 3, 1, 9, 0)},
                of_e1 | {"procedure_id": "R2", "performed_at": datetime(2024, 2, 27, 9, 0), "sequence": 2},
            ],
        ),
        encounters=table(spark, "silver/encounters", [STAY | {"encounter_id": "E1", "provider_id": "V1"}]),
        dim_patient=patient_versions,
    )
    columns = ("procedure_id", "patient_sk", "facility_id", "provider_id", "is_principal")
    assert rows(made, *columns, "days_after_admission", "performed_date_key") == [
        ("R1", "P1-new", "F1", None, True, 2, 20240301),
        ("R2", "P1-old", "F1", None, False, -1, 20240227),
    ]
