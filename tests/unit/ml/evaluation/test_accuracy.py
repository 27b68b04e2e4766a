"""Errors of numbers and of intervals, against scikit-learn and by hand."""

import numpy as np
import pytest
from sklearn.metrics import mean_absolute_error, mean_pinball_loss, r2_score, root_mean_squared_error

from ml.evaluation.accuracy import accuracy, quantile_accuracy

ACTUAL = np.array([1.0, 2, 4, 8])
ONCE = np.ones((1, 4))


def test_errors_are_those_of_scikit_learn_with_weights(weighed):
    weights, _, actual, _ = weighed
    predicted = actual + np.random.default_rng(1).normal(size=len(actual))
    found = accuracy(actual, predicted)(weights)
    theirs = {"mae": mean_absolute_error, "rmse": root_mean_squared_error, "r2": r2_score}
    for name, function in theirs.items():
        expected = [function(actual, predicted, sample_weight=weight) for weight in weights]
        assert found[name] == pytest.approx(expected), name


def test_bias_is_above_nought_where_predictions_are_too_high():
    assert accuracy(ACTUAL, np.array([4.0, 2, 4, 7]))(ONCE)["bias"] == pytest.approx([0.5])


def test_outcomes_all_alike_have_no_r2():
    assert np.isnan(accuracy(np.full(4, 2.0), ACTUAL)(ONCE)["r2"])


def test_pinball_losses_are_those_of_scikit_learn(weighed):
    weights, _, actual, _ = weighed
    lines = {level: actual + np.random.default_rng(1).normal(size=len(actual)) for level in (0.05, 0.5, 0.9)}
    found = quantile_accuracy(actual, lines)(weights)
    for level, name in ((0.05, "pinball_5"), (0.5, "pinball_50"), (0.9, "pinball_90")):
        expected = [mean_pinball_loss(actual, lines[level], sample_weight=w, alpha=level) for w in weights]
        assert found[name] == pytest.approx(expected)


def test_coverage_and_width_are_those_of_the_widest_interval_ends_included():
    lines = {0.5: ACTUAL, 0.9: np.array([1.0, 3, 3, 9]), 0.1: np.array([0.0, 1, 2, 8])}
    found = quantile_accuracy(ACTUAL, lines)(ONCE)
    assert found["coverage"] == pytest.approx([0.75])  # 4 is above 3; 1 and 8 are ends
    assert found["width"] == pytest.approx([(1 + 2 + 1 + 1) / 4])


def test_one_quantile_is_no_interval():
    assert quantile_accuracy(ACTUAL, {0.5: ACTUAL})(ONCE).keys() == {"pinball_50"}
