from datetime import date, datetime

import pytest

from jobs.gold.facts.fact_surveys import fact_surveys
from tests.spark.gold.conftest import BORN
from tests.tables import rows, table

STAY = {
    "patient_id": "P1",
    "encounter_id": "E1",
    "facility_id": "F1",
    "encounter_type": "inpatient",
    "unit": "medical",
    "drg": "291",
    "admitted_at": datetime(2024, 2, 20, 22, 0),
    "discharged_at": datetime(2024, 2, 23, 10, 0),
    "discharge_disposition": "01",
}
ASKED = {"patient_id": "P1", "encounter_id": "E1", "survey_type": "hcahps", "sent_on": date(2024, 2, 28)}


@pytest.fixture(scope="module")
def made(spark, patient_versions):
    def of(surveys, *encounters):
        return fact_surveys(
            surveys=table(spark, "silver/surveys", surveys),
            encounters=table(spark, "silver/encounters", encounters or [STAY]),
            dim_patient=patient_versions,
        )

    return of


def test_a_survey_is_returned_or_not_yet(made):
    surveys = [
        ASKED | {"survey_id": "S1", "returned_on": date(2024, 3, 19)},
        ASKED | {"survey_id": "S2", "sent_on": date(2024, 3, 1)},
    ]
    columns = ("survey_id", "is_returned", "days_to_return", "days_after_discharge", "patient_sk")
    assert rows(made(surveys), *columns) == [
        ("S1", True, 20, 5, "P1-old"),
        ("S2", False, None, 7, "P1-new"),
    ]
    assert rows(made(surveys), "sent_date_key", "returned_date_key", "facility_id") == [
        (20240228, 20240319, "F1"),
        (20240301, None, "F1"),
    ]


def test_the_top_box_is_the_best_answer_alone(made):
    surveys = [
        ASKED | {"survey_id": "S1", "quietness": 4, "discharge_information": 1, "overall_rating": 9},
        ASKED | {"survey_id": "S2", "quietness": 3, "discharge_information": 0, "overall_rating": 8},
        ASKED | {"survey_id": "S3"},
    ]
    columns = ("survey_id", "is_top_quietness", "is_top_discharge_information", "is_top_overall_rating")
    assert rows(made(surveys), *columns) == [
        ("S1", True, True, True),
        ("S2", False, False, False),
        ("S3", None, None, None),
    ]


def test_the_net_promoter_groups_meet_at_six_and_eight(made):
    scores = {"S0": 0, "S1": 6, "S2": 7, "S3": 8, "S4": 9, "S5": 10, "S6": None}
    surveys = [
        ASKED | {"survey_id": key, "survey_type": "nps", "nps_score": score} for key, score in scores.items()
    ]
    assert [group for _, group in rows(made(surveys), "survey_id", "nps_group")] == [
        *("detractor", "detractor", "passive", "passive", "promoter", "promoter"),
        None,
    ]


@pytest.mark.parametrize(
    ("kind", "changes", "expected"),
    [
        ("hcahps", {}, True),
        ("hcahps", {"discharge_disposition": "51"}, False),
        ("hcahps", {"discharge_disposition": "03"}, False),
        ("hcahps", {"discharge_disposition": "20"}, False),
        ("hcahps", {"discharge_disposition": None}, True),
        ("hcahps", {"unit": "psychiatric"}, False),
        ("hcahps", {"unit": None, "drg": None}, True),
        ("hcahps", {"drg": "885"}, False),
        ("hcahps", {"discharged_at": datetime(2024, 2, 20, 23, 0)}, False),
        ("hcahps", {"discharged_at": None}, None),
        ("hcahps", {"encounter_type": "outpatient"}, False),
        ("hcahps", {"admitted_at": datetime(BORN.year + 18, 6, 14, 23)}, False),
        ("hcahps", {"admitted_at": datetime(BORN.year + 18, 6, 15, 1)}, True),
        ("nps", {"encounter_type": "emergency"}, True),
        ("nps", {"encounter_type": "emergency", "discharge_disposition": "20"}, False),
        ("nps", {}, False),
    ],
)
def test_a_survey_is_eligible_by_its_encounter(made, kind, changes, expected):
    asked = ASKED | {"survey_id": "S1", "survey_type": kind}
    assert rows(made([asked], STAY | changes), "is_eligible") == [(expected,)]


def test_a_survey_without_its_encounter_keeps_its_row(made):
    asked = ASKED | {"survey_id": "S1", "encounter_id": "E9"}
    assert rows(made([asked]), "survey_id", "facility_sk", "is_eligible") == [("S1", None, None)]
