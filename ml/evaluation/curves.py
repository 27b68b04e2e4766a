"""What the plots and the model card show: curves as tables, without a row of any patient."""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pandas as pd
from sklearn.metrics import precision_recall_curve, roc_curve

from ml.evaluation.calibration import bins, by_bin
from ml.evaluation.estimates import Array, Sample
from ml.evaluation.ranking import TOPS, Ranked

POINTS = 200
"""Points of a curve at most; more cannot be seen."""
THRESHOLDS = np.arange(1, 51) / 100
"""Probabilities at which somebody may decide to act."""


def roc(outcome: Array, score: Array) -> pd.DataFrame:
    """Return the points of the ROC curve."""
    false_positives, true_positives, _ = roc_curve(outcome, score)
    table = pd.DataFrame({"false_positive_rate": false_positives, "true_positive_rate": true_positives})
    return _thinned(table)


def precision_recall(outcome: Array, score: Array) -> pd.DataFrame:
    """Return the points of the precision-recall curve, from the highest score down."""
    precision, recall, _ = precision_recall_curve(outcome, score, drop_intermediate=True)
    return _thinned(pd.DataFrame({"recall": recall[::-1], "precision": precision[::-1]}))


def calibration_curve(sample: Sample, probability: Array) -> pd.DataFrame:
    """Return mean probability and observed share of each bin of about equal counts, with intervals."""
    return _by_bin(sample, probability).rename(columns={"predicted": "probability"})


def agreement(sample: Sample, predicted: Array) -> pd.DataFrame:
    """Return mean predicted and actual number of each bin of predictions, and the middle 80 % of actual."""
    table = _by_bin(sample, predicted)
    actual = pd.Series(sample.outcome).groupby(bins(predicted))
    return table.assign(actual_10=actual.quantile(0.1), actual_90=actual.quantile(0.9))


def probability_counts(probability: Array) -> pd.DataFrame:
    """Return how many probabilities fall in each twentieth from 0 to 1."""
    counts, edges = np.histogram(probability, bins=20, range=(0, 1))
    return pd.DataFrame({"from": edges[:-1], "to": edges[1:], "rows": counts})


def decision_curve(
    outcome: Array, probability: Array, thresholds: npt.ArrayLike = THRESHOLDS
) -> pd.DataFrame:
    """Return the net benefit of acting at each threshold, beside acting on all and on none.

    Net benefit is true positives less false positives weighed by the odds of the threshold, per row (Vickers
    and Elkin 2006, Medical Decision Making 26:565). Who is at the threshold is acted on.
    """
    at = np.asarray(thresholds, dtype=float)
    odds = at / (1 - at)
    ranked = Ranked(probability)
    once = np.ones((1, len(outcome)))
    rows, hits = ranked.counted(once)[0], ranked.counted(once * outcome)[0]
    above = np.searchsorted(-probability[ranked.order][ranked.ends], -at, side="right")
    share = outcome.mean()
    return pd.DataFrame(
        {
            "threshold": at,
            "model": (hits[above] - (rows - hits)[above] * odds) / len(outcome),
            "treat_all": share - (1 - share) * odds,
            "treat_none": np.zeros_like(at),
        }
    )


def precision_at(outcome: Array, score: Array, tops: Sequence[float] = (0.5, *TOPS, 20)) -> pd.DataFrame:
    """Return the share of events among the top k % and of all events found there."""
    ranked = Ranked(score)
    once = np.ones((1, len(outcome)))
    rows, hits = ranked.counted(once)[0], ranked.counted(once * outcome)[0]
    looked_at = np.asarray(tops) / 100 * len(outcome)
    found = np.interp(looked_at, rows, hits)
    return pd.DataFrame({"top": tops, "precision": found / looked_at, "recall": found / hits[-1]})


def _by_bin(sample: Sample, predicted: Array) -> pd.DataFrame:
    numbered = bins(predicted)
    means = sample.estimates({"": by_bin(sample.outcome, predicted)})[""].values()
    return pd.DataFrame(
        {
            "rows": np.bincount(numbered),
            "predicted": np.bincount(numbered, weights=predicted) / np.bincount(numbered),
            "actual": [mean.value for mean in means],
            "actual_low": [mean.low for mean in means],
            "actual_high": [mean.high for mean in means],
        }
    )


def _thinned(table: pd.DataFrame) -> pd.DataFrame:
    places = np.linspace(0, len(table) - 1, min(POINTS, len(table))).round().astype(int)
    return table.iloc[places].reset_index(drop=True)
