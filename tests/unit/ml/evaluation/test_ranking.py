"""Weighted areas are scikit-learn's, and the top k % are counted by hand."""

import numpy as np
import pytest
from sklearn.metrics import average_precision_score, roc_auc_score

from ml.evaluation.estimates import Sample
from ml.evaluation.ranking import ranking, recalls

# Ten rows, three events, from the highest score down; the two rows at 7 are tied.
OUTCOME = np.array([1, 0, 1, 0, 0, 0, 1, 0, 0, 0], dtype=float)
SCORE = np.array([9, 8, 7, 7, 6, 5, 4, 3, 2, 1], dtype=float)
ONCE = np.ones((1, 10))


def test_weighted_areas_are_those_of_scikit_learn(weighed):
    weights, outcome, score, probability = weighed
    for values in (score, probability):
        found = ranking(outcome, values)(weights)
        for place, weight in enumerate(weights):
            expected = roc_auc_score(outcome, values, sample_weight=weight)
            assert found["auroc"][place] == pytest.approx(expected, abs=1e-12)
            # A row drawn no time does not stop scikit-learn's precision from being told at its value.
            drawn = weight > 0
            expected = average_precision_score(outcome[drawn], values[drawn], sample_weight=weight[drawn])
            assert found["auprc"][place] == pytest.approx(expected, abs=1e-12)
            share = np.average(outcome, weights=weight)
            assert found["auprc_lift"][place] == pytest.approx(expected / share)


def test_weights_are_repetitions(weighed):
    weights, outcome, score, _ = weighed
    times = weights[0].astype(int)
    repeated = np.repeat(outcome, times), np.repeat(score, times)
    expected = ranking(*repeated)(np.ones((1, times.sum())))
    found = ranking(outcome, score)(weights[:1])
    assert {name: values[0] for name, values in found.items()} == pytest.approx(
        {name: values[0] for name, values in expected.items()}
    )


@pytest.mark.parametrize(
    ("top", "ppv", "recall"),
    [
        (10, 1.0, 1 / 3),  # the row at 9
        (20, 0.5, 1 / 3),  # and at 8
        (30, 0.5, 1.5 / 3),  # and one of the two at 7, of which one is an event
        (40, 0.5, 2 / 3),
        (5, 1.0, 0.5 / 3),  # half the row at 9
        (100, 0.3, 1.0),
    ],
)
def test_the_top_holds_its_share_of_a_tie(top, ppv, recall):
    found = ranking(OUTCOME, SCORE, tops=[top])(ONCE)
    assert found[f"ppv_top_{top}"] == pytest.approx([ppv])
    assert found[f"recall_top_{top}"] == pytest.approx([recall])


def test_a_score_that_says_nothing_has_half_the_area_and_no_lift():
    found = ranking(OUTCOME, np.zeros(10), tops=[50])(ONCE)
    assert {name: values.item() for name, values in found.items()} == pytest.approx(
        {"auroc": 0.5, "auprc": 0.3, "auprc_lift": 1.0, "ppv_top_50": 0.3, "recall_top_50": 0.5}
    )


def test_a_draw_without_events_has_no_areas_and_one_of_events_alone_no_auroc():
    weights = np.array([1 - OUTCOME, OUTCOME])
    found = ranking(OUTCOME, SCORE, tops=[])(weights)
    assert np.isnan(found["auroc"]).all()
    assert np.isnan(found["auprc"]).tolist() == [True, False]


def test_recall_of_a_scheme_is_counted_among_all_rows():
    schemes = {"upcoding": OUTCOME.astype(bool) & (SCORE > 5), "phantom": SCORE == 4}
    found = recalls(SCORE, schemes, tops=[20, 70])(ONCE)
    assert {name: values.item() for name, values in found.items()} == pytest.approx(
        {
            "recall_top_20_upcoding": 0.5,
            "recall_top_70_upcoding": 1.0,
            "recall_top_20_phantom": 0.0,
            "recall_top_70_phantom": 1.0,
        }
    )


def test_the_intervals_hold_the_area_of_the_population(draw_sample):
    _, everybody = draw_sample(rows=40_000, seed=99)
    population = np.concatenate([np.ones(40_000), np.zeros(40_000)])
    weight = np.concatenate([everybody, 1 - everybody])
    truth = roc_auc_score(population, np.tile(everybody, 2), sample_weight=weight)
    held = 0
    for seed in range(60):
        sample, probability = draw_sample(rows=400, seed=seed)
        found = sample.estimates({"": ranking(sample.outcome, probability, tops=[])})[""]["auroc"]
        held += found.low <= truth <= found.high
    # 95 % of 60 are 57; fewer than 51 come about less often than once in a thousand times.
    assert 51 <= held <= 60


def test_paired_differences_are_narrower_than_what_they_are_made_of():
    random = np.random.default_rng(6)
    outcome = random.integers(2, size=500).astype(float)
    one = outcome + random.normal(size=500)
    other = one + random.normal(scale=0.3, size=500)
    sample = Sample(outcome, np.arange(500).astype(str), draws=200)
    found = sample.estimates(
        {name: ranking(outcome, score) for name, score in (("one", one), ("other", other))}
    )
    alone, difference = found["one"]["auroc"], found["one"]["auroc"] - found["other"]["auroc"]
    assert difference.high - difference.low < (alone.high - alone.low) / 2
