"""Calibration is what statsmodels and scikit-learn say it is, with weights too; or it is undefined."""

import numpy as np
import pytest
import statsmodels.api as sm
from scipy.special import expit, logit
from sklearn.calibration import calibration_curve
from sklearn.metrics import brier_score_loss

from ml.evaluation.calibration import bins, by_bin, calibration


def test_slope_and_intercept_are_those_of_a_logistic_regression_with_frequencies(weighed):
    weights, outcome, _, probability = weighed
    found = calibration(outcome, probability)(weights)
    log_odds = logit(probability)
    for place, weight in enumerate(weights):
        free = sm.GLM(outcome, sm.add_constant(log_odds), sm.families.Binomial(), freq_weights=weight).fit()
        held = sm.GLM(
            outcome, np.ones(len(outcome)), sm.families.Binomial(), offset=log_odds, freq_weights=weight
        ).fit()
        assert found["calibration_slope"][place] == pytest.approx(free.params[1], abs=1e-6)
        assert found["calibration_intercept"][place] == pytest.approx(held.params[0], abs=1e-6)


def test_brier_and_observed_to_expected_are_weighted_means(weighed):
    weights, outcome, _, probability = weighed
    found = calibration(outcome, probability)(weights)
    expected = [brier_score_loss(outcome, probability, sample_weight=weight) for weight in weights]
    assert found["brier"] == pytest.approx(expected)
    expected = [np.average(outcome, weights=w) / np.average(probability, weights=w) for w in weights]
    assert found["observed_to_expected"] == pytest.approx(expected)


def test_ece_is_the_mean_distance_over_bins_of_equal_counts(weighed):
    _, outcome, _, _ = weighed
    probability = np.random.default_rng(2).random(len(outcome))
    observed, predicted = calibration_curve(outcome, probability, n_bins=10, strategy="quantile")
    found = calibration(outcome, probability)(np.ones((1, len(outcome))))
    assert found["ece"] == pytest.approx([np.abs(observed - predicted).mean()])


def test_probabilities_twice_as_sure_as_they_may_be_have_half_the_slope():
    random = np.random.default_rng(1)
    log_odds = random.normal(scale=1.5, size=40_000)
    outcome = (random.random(40_000) < expit(log_odds)).astype(float)
    once = np.ones((1, 40_000))
    assert calibration(outcome, expit(log_odds))(once)["calibration_slope"] == pytest.approx([1], abs=0.05)
    assert calibration(outcome, expit(2 * log_odds))(once)["calibration_slope"] == pytest.approx(
        [0.5], abs=0.03
    )
    assert calibration(outcome, expit(log_odds - 0.7))(once)["calibration_intercept"] == pytest.approx(
        [0.7], abs=0.05
    )


def test_a_draw_of_one_kind_alone_has_no_regression_and_spares_the_others(weighed):
    weights, outcome, _, probability = weighed
    found = calibration(outcome, probability)(np.array([outcome, weights[0], 1 - outcome]))
    for name in ("calibration_slope", "calibration_intercept"):
        assert np.isfinite(found[name]).tolist() == [False, True, False]
    assert np.isfinite(found["brier"]).all()


def test_a_perfect_divide_and_one_probability_for_all_have_no_slope():
    outcome = np.array([0.0, 0, 0, 1, 1, 1])
    once = np.ones((1, 6))
    assert np.isnan(calibration(outcome, np.array([0.1, 0.2, 0.3, 0.7, 0.8, 0.9]))(once)["calibration_slope"])
    constant = calibration(outcome, np.full(6, 0.4))(once)
    assert np.isnan(constant["calibration_slope"])
    assert constant["calibration_intercept"] == pytest.approx([logit(0.5) - logit(0.4)])


def test_a_draw_with_a_perfect_divide_has_no_slope():
    outcome = np.array([0.0, 0, 1, 0, 1, 1])
    probability = np.array([0.1, 0.2, 0.3, 0.6, 0.8, 0.9])
    weights = np.array([[1.0, 1, 1, 1, 1, 1], [1, 1, 0, 1, 1, 1]])
    found = calibration(outcome, probability)(weights)
    assert np.isfinite(found["calibration_slope"]).tolist() == [True, False]


def test_certain_probabilities_count_as_nearly_certain():
    outcome = np.array([0.0, 1, 0, 1, 1, 0])
    found = calibration(outcome, np.array([0.0, 1.0, 1.0, 0.0, 0.5, 0.5]))(np.ones((1, 6)))
    assert found["calibration_slope"] == pytest.approx([0], abs=1e-6)


def test_bins_hold_about_as_many_each_and_equal_values_share_one():
    assert bins(np.arange(20.0), 4).tolist() == [0] * 5 + [1] * 5 + [2] * 5 + [3] * 5
    assert bins(np.array([0.0, 0, 0, 0, 0, 0, 0, 1, 2, 3]), 5).tolist() == [0] * 7 + [1] * 0 + [1, 2, 2]


def test_by_bin_means_are_weighted():
    found = by_bin(np.array([0.0, 1, 1, 1]), np.array([0.1, 0.2, 0.8, 0.9]), 2)(np.array([[3.0, 1, 0, 0]]))
    assert found["0"] == pytest.approx([0.25])
    assert np.isnan(found["1"])
