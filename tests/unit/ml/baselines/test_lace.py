"""LACE by hand: every boundary of each component, and its own Charlson index."""

import pandas as pd
import pytest

from carelake.errors import CarelakeError
from ml.baselines.lace import CHARLSON_WEIGHTS, charlson_index_lace, lace

NOTHING = {"los_days": 0, "is_emergency_admission": False, "charlson_index_lace": 0, "emergency_visits_6m": 0}


def scored(*stays: dict) -> list[int]:
    return lace(pd.DataFrame([{**NOTHING, **stay} for stay in stays])).tolist()


@pytest.mark.parametrize(
    ("column", "points"),
    [
        ("los_days", {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 6: 4, 7: 5, 13: 5, 14: 7, 60: 7}),
        ("is_emergency_admission", {False: 0, True: 3}),
        ("charlson_index_lace", {0: 0, 1: 1, 2: 2, 3: 3, 4: 5, 12: 5}),
        ("emergency_visits_6m", {0: 0, 1: 1, 2: 2, 3: 3, 4: 4, 9: 4}),
    ],
)
def test_points_of_each_component(column, points):
    assert scored(*({column: value} for value in points)) == list(points.values())


def test_components_add_up_to_nineteen():
    worst = {
        "los_days": 20,
        "is_emergency_admission": True,
        "charlson_index_lace": 9,
        "emergency_visits_6m": 7,
    }
    five_days_with_heart_failure = {"los_days": 5, "is_emergency_admission": True, "charlson_index_lace": 2}
    assert scored(worst, five_days_with_heart_failure, {}) == [19, 9, 0]


def test_what_is_missing_scores_nothing():
    assert scored(dict.fromkeys(NOTHING), {"los_days": 14, "emergency_visits_6m": None}) == [0, 7]
    stay = pd.DataFrame(
        {
            "los_days": pd.array([None, 3], dtype="Int64"),
            "is_emergency_admission": pd.array([True, None], dtype="boolean"),
            "charlson_index_lace": pd.array([None, 2], dtype="Float64"),
            "emergency_visits_6m": [1.0, float("nan")],
        }
    )
    assert lace(stay).tolist() == [4, 5]


def test_missing_columns_are_named():
    with pytest.raises(CarelakeError, match="not there: charlson_index_lace, emergency_visits_6m"):
        lace(pd.DataFrame({"los_days": [1], "is_emergency_admission": [True]}))


@pytest.mark.parametrize(
    ("conditions", "index"),
    [
        ([], 0),
        (["myocardial_infarction", "peripheral_vascular_disease", "cerebrovascular_disease"], 3),
        (["congestive_heart_failure", "chronic_pulmonary_disease"], 4),
        (["dementia"], 3),
        (["rheumatic_disease", "aids_hiv"], 7),
        (["diabetes_without_complication"], 1),
        (["diabetes_without_complication", "diabetes_with_complication"], 2),
        (["malignancy", "metastatic_solid_tumor"], 6),
        (["mild_liver_disease", "renal_disease"], 4),
        (["mild_liver_disease", "moderate_or_severe_liver_disease"], 4),
        (["hemiplegia_or_paraplegia", "peptic_ulcer_disease"], 0),
    ],
)
def test_charlson_index_counts_the_graver_form_alone(conditions, index):
    names = [*CHARLSON_WEIGHTS, "hemiplegia_or_paraplegia", "peptic_ulcer_disease"]
    flags = pd.DataFrame([{name: name in conditions for name in names}])
    assert charlson_index_lace(flags).tolist() == [index]


@pytest.mark.parametrize("dtype", ["boolean", "object", "Float64"])
def test_charlson_index_of_flags_that_are_missing(dtype):
    flags = pd.DataFrame({"dementia": pd.array([True, None, False], dtype=dtype)})
    assert charlson_index_lace(flags).tolist() == [3, 0, 0]
