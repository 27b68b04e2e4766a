import numpy as np
import pandas as pd
import pytest
from scipy.special import logit

from ml.estimators.classifiers import boosted, calibrated, logistic
from ml.estimators.columns import Features
from ml.estimators.contributions import contributions, explained, importance, reasons
from ml.estimators.regressors import WithInterval, log_linear, quantiles

FEATURES = Features(("age", "noise"), ("unit",))


@pytest.fixture(scope="module")
def rows():
    random = np.random.default_rng(3)
    taken = pd.DataFrame(
        {
            "age": random.normal(60, 15, 600),
            "noise": random.normal(0, 1, 600),
            "unit": random.choice(["medical", "icu"], 600),
        }
    )
    chance = 1 / (1 + np.exp(-(taken["age"] - 60) / 8 - 2 * (taken["unit"] == "icu") + 1))
    return taken, (random.random(600) < chance).astype(float).to_numpy()


@pytest.mark.parametrize("candidate", [logistic, boosted])
def test_contributions_add_up_to_the_prediction_less_a_constant(rows, candidate):
    taken, outcome = rows
    fitted = candidate(FEATURES).fit(taken, outcome)
    shares = contributions(fitted, taken, FEATURES)
    rest = logit(fitted.predict_proba(taken)[:, 1].astype(float)) - shares.sum(axis=1)
    assert list(shares) == ["age", "noise", "unit"]
    assert rest.std() < 1e-3


def test_a_rows_contributions_do_not_depend_on_the_rows_beside_it(rows):
    taken, outcome = rows
    fitted = logistic(FEATURES).fit(taken, outcome)
    alone = contributions(fitted, taken.head(1), FEATURES)
    assert np.allclose(alone, contributions(fitted, taken, FEATURES).head(1))


def test_what_drives_the_outcome_comes_before_noise(rows):
    taken, outcome = rows
    shares = contributions(boosted(FEATURES).fit(taken, outcome), taken, FEATURES)
    assert importance(shares)["feature"].tolist()[-1] == "noise"


def test_calibration_and_interval_are_explained_by_what_is_inside(rows):
    taken, outcome = rows
    base = logistic(FEATURES).fit(taken, outcome)
    assert explained(calibrated(base, taken, outcome)) is base
    mean, lines = log_linear(FEATURES).fit(taken, outcome), quantiles(FEATURES).fit(taken, outcome)
    assert explained(WithInterval(mean, lines)) is mean
    assert explained(base) is base


def test_reasons_name_what_raised_the_prediction_strongest_first():
    shares = pd.DataFrame(
        {"age": [0.2, -0.1], "sodium": [0.9, -0.2], "unit": [0.0, -0.3], "stays": [0.5, 0.1]}
    )
    taken = pd.DataFrame(
        {"age": [80.0, 30.0], "sodium": [np.nan, 140.0], "unit": ["icu", "icu"], "stays": [4.0, 1.0]}
    )
    assert reasons(shares, taken) == [
        ["sodium missing (+0.90)", "stays 4 (+0.50)", "age 80 (+0.20)"],
        ["stays 1 (+0.10)"],
    ]


@pytest.mark.parametrize(
    ("value", "said"),
    [(False, "no"), (np.True_, "yes"), (None, "missing"), (3, "3"), (0.25, "0.25"), ("icu", "icu")],
)
def test_reasons_show_values_as_a_person_writes_them(value, said):
    rows = pd.DataFrame({"one": pd.Series([value], dtype=object)})
    assert reasons(pd.DataFrame({"one": [1.0]}), rows) == [[f"one {said} (+1.00)"]]
