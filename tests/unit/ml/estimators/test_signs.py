import numpy as np
import pandas as pd

from ml.estimators.signs import Sign, Signs

ROWS = pd.DataFrame(
    {
        "price_score": [2.0, -3.0, np.nan, 50.0],
        "repeat_count": [0, 1, 3, 3],
        "is_repeat_of_denied": [False, False, False, True],
        "has_encounter": [True, False, None, True],
        "contact_gap_days": [0.0, np.nan, 6.0, 0.0],
    }
)


def values(sign):
    return sign.values(ROWS).round(3).tolist()


def test_less_than_usual_and_unknown_are_no_sign():
    assert values(Sign("price_score")) == [2.0, 0.0, 0.0, 50.0]


def test_more_than_most_says_no_more():
    assert values(Sign("price_score", usual=1, most=6)) == [1.0, 0.0, 0.0, 6.0]


def test_counts_are_logarithms():
    assert values(Sign("repeat_count", is_count=True)) == [0.0, 0.693, 1.386, 1.386]


def test_a_sign_counts_for_nothing_where_it_is_explained():
    assert values(Sign("repeat_count", unless="is_repeat_of_denied")) == [0.0, 1.0, 3.0, 0.0]


def test_an_inverted_flag_is_a_sign_where_it_is_false():
    assert values(Sign("has_encounter", is_inverted=True)) == [0.0, 1.0, 0.0, 0.0]


def test_a_missing_value_can_be_a_sign_of_its_own():
    assert values(Sign("contact_gap_days", missing=60.0)) == [0.0, 60.0, 6.0, 0.0]


def test_signs_stand_where_features_do():
    signs = Signs((Sign("price_score", most=6), Sign("repeat_count")))
    assert (signs.names, signs.categories) == (["price_score", "repeat_count"], ())
    assert signs.frame(ROWS).to_numpy().tolist() == [[2, 0], [0, 1], [0, 3], [6, 3]]
