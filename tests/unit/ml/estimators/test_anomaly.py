import numpy as np
import pandas as pd

from ml.estimators.anomaly import Suspicion
from ml.estimators.columns import Features

FEATURES = Features(("price", "same_day"), ("form",))


def claims(rows=400):
    random = np.random.default_rng(5)
    return pd.DataFrame(
        {
            "price": random.normal(0, 1, rows),
            "same_day": np.where(random.random(rows) < 0.03, 1.0, 0.0),
            "form": random.choice(["professional", "institutional"], rows),
        }
    )


def test_what_is_far_from_all_others_is_among_the_most_suspicious():
    usual = claims()
    odd = pd.DataFrame({"price": [9.0], "same_day": [6.0], "form": ["professional"]})
    model = Suspicion(FEATURES).fit(usual)
    assert model.predict(odd)[0] > np.quantile(model.predict(usual), 0.99)


def test_a_missing_number_is_scored_and_is_no_deviation():
    model = Suspicion(FEATURES).fit(claims())
    unknown = pd.DataFrame({"price": [np.nan], "same_day": [0.0], "form": ["dental"]})
    assert np.isfinite(model.predict(unknown)).all()
    assert model.deviations(unknown)["price"].tolist() == [0.0]


def test_deviations_count_from_the_median_in_robust_standard_deviations():
    usual = pd.DataFrame(
        {"price": [-1.0, 0.0, 1.0, 0.0, 100.0], "same_day": [0.0, 0.0, 0.0, 0.0, 2.0], "form": ["a"] * 5}
    )
    deviations = (
        Suspicion(FEATURES)
        .fit(usual)
        .deviations(pd.DataFrame({"price": [2.9652], "same_day": [0.8], "form": ["a"]}))
    )
    assert np.allclose(deviations["price"], 2.0)
    assert np.allclose(deviations["same_day"], 2.0), "most are 0: the mean deviation, 0.4, is the scale"


def test_what_is_below_the_usual_is_no_deviation_and_far_above_is_far_enough():
    usual = pd.DataFrame({"price": [-1.0, 0.0, 1.0], "same_day": [0.0, 0.0, 0.0], "form": ["a"] * 3})
    odd = pd.DataFrame({"price": [-5.0], "same_day": [1.0], "form": ["a"]})
    deviations = Suspicion(FEATURES).fit(usual).deviations(odd)
    assert deviations[["price", "same_day"]].to_numpy().tolist() == [[0.0, 10.0]]
