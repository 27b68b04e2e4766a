from datetime import date

import pytest

from jobs.gold.dimensions.dim_protocol import dim_protocol
from jobs.gold.facts.fact_treatments import fact_treatments
from tests.tables import rows, table

RUNNING = {
    "patient_id": "P1",
    "condition": "diabetes",
    "diagnosis_code": "E119",
    "protocol_code": "DM-MET",
    "started_on": date(2024, 2, 1),
    "status": "running",
}
ENDED = RUNNING | {"ended_on": date(2024, 3, 1), "status": "completed", "outcome": "improved"}


@pytest.fixture(scope="module")
def treatments(spark, patient_versions):
    def of(*given):
        numbered = [{"treatment_id": f"T{n}"} | one for n, one in enumerate(given, 1)]
        return fact_treatments(table(spark, "silver/treatments", numbered), patient_versions)

    return of


def test_a_treatment_has_a_length_once_it_has_ended(treatments):
    made = treatments(
        RUNNING,
        ENDED | {"planned_end_on": date(2024, 2, 11)},
        ENDED | {"ended_on": date(2024, 2, 1)},
    )
    columns = ("treatment_id", "planned_days", "duration_days", "start_date_key", "end_date_key")
    assert rows(made, *columns, "is_running") == [
        ("T1", None, None, 20240201, None, True),
        ("T2", 10, 29, 20240201, 20240301, False),
        ("T3", None, 0, 20240201, 20240201, False),
    ]


def test_the_result_is_known_once_it_has_ended_and_somebody_looked(treatments):
    made = treatments(
        RUNNING,
        ENDED,
        ENDED | {"outcome": "worsened"},
        ENDED | {"outcome": "completed"},
        ENDED | {"status": "discontinued", "outcome": "improved", "stop_reason": "cost"},
        ENDED | {"status": "died", "outcome": "died"},
    )
    assert rows(made, "treatment_id", "is_completed", "is_improved") == [
        ("T1", None, None),
        ("T2", True, True),
        ("T3", True, False),
        ("T4", True, None),
        ("T5", False, True),
        ("T6", False, False),
    ]


def test_the_patients_version_is_that_of_the_first_day(treatments):
    made = treatments(RUNNING, RUNNING | {"started_on": date(2024, 3, 1)}, RUNNING | {"patient_id": "P9"})
    assert rows(made, "treatment_id", "patient_sk") == [("T1", "P1-old"), ("T2", "P1-new"), ("T3", None)]


def test_lines_are_counted_by_patient_and_condition_in_the_order_of_their_start(treatments):
    later = {"started_on": date(2024, 5, 1)}
    made = treatments(
        RUNNING | later,
        RUNNING,
        RUNNING | later,
        RUNNING | {"condition": "ckd"},
        RUNNING | {"patient_id": "P2"},
    )
    assert rows(made, "treatment_id", "treatment_line") == [
        ("T1", 2),
        ("T2", 1),
        ("T3", 3),
        ("T4", 1),
        ("T5", 1),
    ]


def test_the_protocol_is_that_of_the_dimension(spark, treatments):
    known = dim_protocol(
        table(
            spark,
            "reference/treatment_protocols",
            [
                {"protocol_code": "DM-MET", "name": "Metformin", "condition": "diabetes"},
                {"protocol_code": "PNA-ABX", "name": "Antibiotics", "planned_days": "7"},
            ],
        )
    )
    assert rows(known, "protocol_code", "planned_days") == [("DM-MET", None), ("PNA-ABX", 7)]
    assert rows(treatments(RUNNING).join(known, on="protocol_sk", how="left_semi"), "treatment_id") == [
        ("T1",)
    ]
