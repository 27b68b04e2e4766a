import pytest

from ml.features.comorbidity import comorbidity
from tests.spark.ml.conftest import at
from tests.tables import rows, table

DIAGNOSES = [
    {"diagnosis_code": "I509", "charlson_group": "congestive_heart_failure", "ccsr_category": "CIR019"},
    {"diagnosis_code": "E119", "charlson_group": "diabetes_without_complication", "ccsr_category": "END002"},
    {"diagnosis_code": "E1122", "charlson_group": "diabetes_with_complication", "ccsr_category": "END003"},
    {"diagnosis_code": "I10", "ccsr_category": "CIR007"},
    {"diagnosis_code": "I119", "ccsr_category": "CIR008"},
]
WEIGHTS = [
    {"charlson_group": "congestive_heart_failure", "weight": "1"},
    {
        "charlson_group": "diabetes_without_complication",
        "weight": "1",
        "outweighed_by": "diabetes_with_complication",
    },
    {"charlson_group": "diabetes_with_complication", "weight": "2"},
]
ELIXHAUSER = [
    {"code_prefix": "I50", "counted_as": "congestive_heart_failure"},
    {"code_prefix": "I10", "counted_as": "hypertension"},
    {"code_prefix": "I11", "counted_as": "hypertension"},
]


@pytest.fixture(scope="module")
def conditions(spark, a_stay):
    """Return flags, index and counts of stay S, given codes by the day on which their encounter ended."""

    def of(**codes):
        known = codes.items()
        encounters = [{"patient_id": "P1", "encounter_id": code, "discharged_at": end} for code, end in known]
        coded = [
            {"diagnosis_id": code, "patient_id": "P1", "encounter_id": code, "diagnosis_code": code}
            for code in codes
        ]
        made = comorbidity(
            a_stay,
            table(spark, "silver/encounters", encounters),
            table(spark, "silver/diagnoses", coded),
            table(spark, "gold/dim_diagnosis", [row | {"is_chronic": True} for row in DIAGNOSES]),
            table(spark, "reference/charlson_weights", WEIGHTS),
            table(spark, "reference/elixhauser", ELIXHAUSER),
        )
        flags = ("congestive_heart_failure", "diabetes_without_complication", "hypertension")
        return rows(made, *flags, "charlson_index", "elixhauser_count", "chronic_condition_count")

    return of


def test_groups_are_flags_and_weigh_together(conditions):
    found = conditions(I509=at("06-20"), E119=at("05-01"))
    assert found == [(True, True, False, 2, 1, 2)]


def test_a_condition_does_not_count_beside_its_graver_form(conditions):
    assert conditions(E119=at("05-01"), E1122=at("05-02")) == [(False, True, False, 2, 0, 2)]


def test_both_forms_of_a_condition_count_once(conditions):
    assert conditions(I10=at("05-01"), I119=at("05-01")) == [(False, False, True, 0, 1, 2)]


def test_coding_is_known_from_the_end_of_its_encounter_for_a_year(conditions):
    year_ago = at("06-20").replace(year=2023)
    found = conditions(I509=at("06-20 13"), E119=None, E1122=year_ago, I10=at("06-20 12"))
    assert found == [(False, False, True, 0, 1, 1)]
