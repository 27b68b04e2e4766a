import numpy as np
import pandas as pd
import pytest

from carelake.contract import Column
from carelake.errors import CarelakeError
from ml.estimators.columns import Features, origin, raw, scaled
from tests.builders import small_contract

FEATURES = Features(numbers=("age", "last_sodium"), categories=("unit", "is_planned"))
ROWS = pd.DataFrame(
    {
        "age": [50, 60, 70],
        "last_sodium": [140.0, np.nan, 128.0],
        "unit": ["medical", None, "icu"],
        "is_planned": [True, False, None],
        "patient_id": ["P1", "P2", "P3"],
    }
)


def many(rows, times=20):
    return pd.concat([rows] * times, ignore_index=True)


def test_features_are_the_columns_of_a_contract_but_those_left_out():
    contract = small_contract(
        "gold/features_small",
        columns=(
            Column("id", "string", "Key.", key_position=1, required=True),
            Column("age", "int", "Age."),
            Column("unit", "string", "Unit."),
            Column("is_planned", "boolean", "Planned."),
            Column("cost", "decimal(18,2)", "Cost."),
        ),
    )
    assert Features.of(contract, ["id"]) == Features(("age", "cost"), ("unit", "is_planned"))


def test_models_take_numbers_as_floats_and_categories_as_text():
    taken = FEATURES.frame(ROWS)
    assert list(taken) == ["age", "last_sodium", "unit", "is_planned"]
    assert taken["age"].tolist() == [50.0, 60.0, 70.0]
    assert taken["unit"].tolist() == ["medical", "missing", "icu"]
    assert taken["is_planned"].tolist() == ["True", "False", "missing"]


@pytest.mark.parametrize("columns", [scaled, raw])
def test_an_unknown_category_is_taken_like_the_rare_ones(columns):
    rare = pd.DataFrame({"age": [40], "last_sodium": [135.0], "unit": ["burns"], "is_planned": [True]})
    fitted = columns(FEATURES).fit(FEATURES.frame(pd.concat([many(ROWS), rare])))
    unknown = fitted.transform(FEATURES.frame(rare.assign(unit="hospice")))
    assert (unknown == fitted.transform(FEATURES.frame(rare))).all()


def test_linear_models_get_no_missing_number_and_trees_do():
    taken = FEATURES.frame(many(ROWS))
    assert not np.isnan(scaled(FEATURES).fit_transform(taken)).any()
    assert np.isnan(raw(FEATURES).fit_transform(taken)[1]).sum() == 1


def test_every_transformed_column_leads_back_to_its_own():
    fitted = scaled(FEATURES).fit(FEATURES.frame(many(ROWS)))
    names = [origin(name, FEATURES) for name in fitted.get_feature_names_out()]
    assert names[:3] == ["age", "last_sodium", "last_sodium"]
    assert set(names[3:]) == {"unit", "is_planned"}


def test_columns_that_are_not_there_are_named_with_what_to_do():
    with pytest.raises(CarelakeError, match="the features lack last_sodium, unit: run `carelake run`"):
        FEATURES.frame(ROWS.drop(columns=["last_sodium", "unit"]))
