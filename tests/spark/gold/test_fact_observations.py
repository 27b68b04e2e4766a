from datetime import date, datetime

import pytest

from jobs.gold.dimensions.dim_observation import dim_observation
from jobs.gold.facts.fact_observations import fact_observations
from tests.tables import rows, table

HEMOGLOBIN = {
    "observation_code": "718-7",
    "code_system": "LOINC",
    "short_name": "hemoglobin",
    "name": "Hemoglobin in blood",
    "category": "laboratory",
    "unit": "g/dL",
    "decimals": "1",
    "usual_low_female": "12",
    "usual_high_female": "15.5",
    "usual_low_male": "13.5",
    "usual_high_male": "17.5",
    "plausible_low": "2",
    "plausible_high": "25",
}
TROPONIN = HEMOGLOBIN | {
    "observation_code": "89579-7",
    "short_name": "troponin",
    "unit": "pg/mL",
    "usual_low_female": None,
    "usual_high_female": "16",
    "usual_low_male": None,
    "usual_high_male": "34",
    "plausible_low": "0",
    "plausible_high": "500000",
}
WEIGHT = HEMOGLOBIN | dict.fromkeys(name for name in HEMOGLOBIN if name.startswith("usual"))
WEIGHT |= {"observation_code": "29463-7", "short_name": "body_weight", "unit": "kg", "plausible_high": "400"}
PATIENTS = [
    {"patient_sk": "W", "patient_id": "P1", "sex": "F", "birth_date": date(1950, 6, 15)},
    {"patient_sk": "M", "patient_id": "P2", "sex": "M", "birth_date": date(1950, 6, 15)},
    {"patient_sk": "C", "patient_id": "P3", "sex": "F", "birth_date": date(2010, 3, 1)},
]
STAY = {
    "facility_id": "F1",
    "encounter_type": "inpatient",
    "admitted_at": datetime(2024, 3, 1, 10, 0),
    "discharged_at": datetime(2024, 3, 5, 12, 0),
}
OF_P1 = {"patient_id": "P1", "encounter_id": "E1"}
VALUE = OF_P1 | {
    "observation_code": "718-7",
    "value": 13.0,
    "unit": "g/dL",
    "observed_at": datetime(2024, 3, 1, 11, 30),
}


@pytest.fixture(scope="module")
def dimension(spark):
    return dim_observation(table(spark, "reference/observation_codes", [HEMOGLOBIN, TROPONIN, WEIGHT]))


@pytest.fixture(scope="module")
def observations(spark, dimension):
    patients = [version | {"valid_from": date(2020, 1, 1)} for version in PATIENTS]
    stays = [
        STAY | {"encounter_id": f"E{n}", "patient_id": version["patient_id"]}
        for n, version in enumerate(PATIENTS, 1)
    ]

    def of(*values):
        numbered = [{"observation_id": f"O{n}"} | value for n, value in enumerate(values, 1)]
        return fact_observations(
            observations=table(spark, "silver/observations", numbered),
            encounters=table(spark, "silver/encounters", stays),
            dim_patient=table(spark, "gold/dim_patient", patients),
            dim_observation=dimension,
        )

    return of


def test_a_value_bears_its_encounter_its_code_and_its_patient(spark, observations, dimension):
    made = observations(VALUE, VALUE | {"observation_code": "1-1", "encounter_id": "E9"})
    columns = ("observation_id", "patient_sk", "facility_id", "encounter_type", "short_name")
    assert rows(made, *columns, "hours_after_admission", "observed_date_key") == [
        ("O1", "W", "F1", "inpatient", "hemoglobin", 1.5, 20240301),
        ("O2", "W", None, None, None, None, 20240301),
    ]
    assert rows(made, "observation_id", "is_within_encounter", "is_first") == [
        ("O1", True, True),
        ("O2", None, False),
    ]
    assert made.join(dimension, on="observation_sk", how="left_semi").count() == 1


def test_the_first_and_the_last_of_each_code_are_those_of_admission_and_leaving(observations):
    at = [datetime(2024, 3, day, 18, 0) for day in (2, 1, 4, 4)]
    made = observations(
        *(VALUE | {"observed_at": moment} for moment in at),
        VALUE | {"observation_code": "89579-7", "unit": "pg/mL", "observed_at": at[0]},
        VALUE | {"patient_id": "P2", "encounter_id": "E2", "observed_at": at[0]},
        VALUE | {"observed_at": datetime(2024, 2, 29)},
        VALUE | {"observed_at": datetime(2024, 3, 5, 11, 0), "value": -40.0},
    )
    assert rows(made, "observation_id", "is_first", "is_last") == [
        ("O1", False, False),
        ("O2", True, False),
        ("O3", False, False),
        ("O4", False, True),
        ("O5", True, True),
        ("O6", True, True),
        ("O7", False, False),
        ("O8", False, False),
    ]
    assert rows(made, "is_within_encounter", "observation_id")[0] == (False, "O7")


@pytest.fixture(scope="module")
def judged(observations):
    """Values of a woman, a man and a girl with what they come to: plausible or not, abnormal or not."""
    man, girl = ({"patient_id": f"P{n}", "encounter_id": f"E{n}"} for n in (2, 3))
    troponin = {"observation_code": "89579-7", "unit": "pg/mL"}
    cases = {
        "13 g/dL is usual in a woman": (VALUE, True, False),
        "and low in a man": (VALUE | man, True, True),
        "children have no range here": (VALUE | girl, True, None),
        "the ends of a range are usual": (VALUE | {"value": 15.5}, True, False),
        "above it": (VALUE | {"value": 15.6}, True, True),
        "what cannot be is not judged": (VALUE | {"value": 30.0}, False, None),
        "nor what is in another unit": (VALUE | {"unit": "mg/dL"}, False, None),
        "nor an unknown code": (VALUE | {"observation_code": "1-1"}, None, None),
        "no lower end": (VALUE | troponin | {"value": 0.0}, True, False),
        "an upper end of the sex": (VALUE | troponin | {"value": 20.0}, True, True),
        "higher in men": (VALUE | troponin | man | {"value": 20.0}, True, False),
        "no range at all": (VALUE | {"observation_code": "29463-7", "unit": "kg"}, True, None),
        "before the first version": (VALUE | {"observed_at": datetime(2019, 1, 1)}, True, False),
    }
    made = observations(*(value for value, _, _ in cases.values()))
    found = {row["observation_id"]: (row["is_plausible"], row["is_abnormal"]) for row in made.collect()}
    return {name: (found[f"O{n}"], expected) for n, (name, (_, *expected)) in enumerate(cases.items(), 1)}


def test_values_are_judged_by_the_range_of_the_adult_s_sex(judged):
    assert {name: found for name, (found, _) in judged.items()} == {
        name: tuple(expected) for name, (_, expected) in judged.items()
    }
