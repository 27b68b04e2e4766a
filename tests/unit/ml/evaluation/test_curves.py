"""Curves as tables, counted by hand."""

import numpy as np
import pytest

from ml.evaluation.curves import (
    POINTS,
    agreement,
    calibration_curve,
    decision_curve,
    precision_at,
    precision_recall,
    probability_counts,
    roc,
)
from ml.evaluation.estimates import Sample

OUTCOME = np.array([1.0, 0, 1, 0, 0, 0, 0, 0, 0, 0])
PROBABILITY = np.array([0.9, 0.6, 0.5, 0.5, 0.4, 0.2, 0.2, 0.1, 0.1, 0.1])


def test_net_benefit_weighs_false_alarms_by_the_odds_of_the_threshold():
    found = decision_curve(OUTCOME, PROBABILITY, [0.05, 0.2, 0.5, 0.95])
    assert found["threshold"].tolist() == [0.05, 0.2, 0.5, 0.95]
    assert found["model"].tolist() == pytest.approx(
        [
            0.2 - 0.8 * 0.05 / 0.95,  # all are acted on
            0.2 - 0.5 * 0.25,  # seven at 0.2 or above, two of them events
            0.2 - 0.2 * 1.0,  # four
            0.0,
        ]
    )
    assert found["treat_all"].tolist() == pytest.approx([0.2 - 0.8 * odds for odds in (1 / 19, 0.25, 1, 19)])
    assert found["treat_none"].tolist() == [0, 0, 0, 0]


def test_a_model_that_knows_is_worth_the_share_of_events_at_any_threshold():
    assert decision_curve(OUTCOME, OUTCOME)["model"].tolist() == pytest.approx([0.2] * 50)


def test_roc_and_precision_recall_run_from_nothing_to_all():
    points = roc(OUTCOME, PROBABILITY)
    assert points.iloc[0].tolist() == [0, 0]
    assert points.iloc[-1].tolist() == [1, 1]
    assert [0.25, 1.0] in points.to_numpy().tolist()
    points = precision_recall(OUTCOME, PROBABILITY)
    assert points.iloc[0].tolist() == [0, 1]
    assert points.iloc[-1].tolist() == [1, 0.2]


def test_a_long_curve_keeps_its_ends_and_no_more_points_than_can_be_seen():
    random = np.random.default_rng(1)
    outcome = random.integers(2, size=5000).astype(float)
    points = roc(outcome, random.random(5000))
    assert len(points) == POINTS
    assert points.iloc[[0, -1]].to_numpy().tolist() == [[0, 0], [1, 1]]


def test_the_calibration_curve_has_a_bin_for_each_tenth(draw_sample):
    sample, probability = draw_sample(rows=500)
    found = calibration_curve(sample, probability)
    assert found["rows"].tolist() == [50] * 10
    order = np.argsort(probability)
    assert found["probability"].tolist() == pytest.approx(probability[order].reshape(10, 50).mean(axis=1))
    assert found["actual"].tolist() == pytest.approx(sample.outcome[order].reshape(10, 50).mean(axis=1))
    assert (found["actual_low"] <= found["actual"]).all()
    assert (found["actual_high"] > found["actual_low"]).all()


def test_agreement_shows_mean_and_spread_of_what_came():
    predicted = np.repeat([1.0, 2.0], 11)
    actual = np.concatenate([np.arange(11.0), np.arange(11.0) + 100])
    found = agreement(Sample(actual, np.arange(22).astype(str), draws=20), predicted)
    assert found[["rows", "predicted", "actual", "actual_10", "actual_90"]].to_numpy().tolist() == [
        [11, 1, 5, 1, 9],
        [11, 2, 105, 101, 109],
    ]


def test_probabilities_are_counted_by_twentieths():
    found = probability_counts(np.array([0.0, 0.01, 0.06, 1.0]))
    assert found["rows"].tolist() == [2, 1, *[0] * 17, 1]
    assert found["to"].tolist() == pytest.approx([(n + 1) / 20 for n in range(20)])


def test_precision_at_the_top_counts_ties_by_share():
    found = precision_at(OUTCOME, PROBABILITY, tops=[10, 30, 100])
    assert found["precision"].tolist() == pytest.approx([1, 1.5 / 3, 0.2])
    assert found["recall"].tolist() == pytest.approx([0.5, 0.75, 1])
