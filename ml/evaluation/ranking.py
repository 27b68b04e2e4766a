"""How well a score sorts: areas under the curves, and what its highest values hold."""

from collections.abc import Mapping, Sequence

import numpy as np
import numpy.typing as npt

from ml.evaluation.estimates import Array, Measures, ratio

TOPS = (1, 2, 5, 10)
"""Shares of the rows, in percent, that somebody could look after."""


class Ranked:
    """Weighted counts down a score, from its highest value; rows of one value are taken together.

    `ends` are the places where values end, in the order of the score.
    """

    def __init__(self, score: Array) -> None:
        self.order = np.argsort(-score, kind="stable")
        falling = score[self.order]
        self.ends = np.flatnonzero(np.append(falling[1:] != falling[:-1], True))

    def counted(self, weights: Array) -> Array:
        """Return the weight from the top through each value (draws x values), beginning with none."""
        sums = np.cumsum(weights[:, self.order], axis=1)[:, self.ends]
        return np.concatenate([np.zeros((len(sums), 1)), sums], axis=1)


def ranking(outcome: Array, score: Array, tops: Sequence[int] = TOPS) -> Measures:
    """Return AUROC, AUPRC, its lift, and PPV and recall at the top k %.

    AUROC counts ties half, AUPRC is the average precision; both equal scikit-learn's with these weights. The
    lift is AUPRC over the share of events, which is what a score without merit gets.
    """
    ranked = Ranked(score)

    def measures(weights: Array) -> Mapping[str, Array]:
        rows = ranked.counted(weights)
        hits = ranked.counted(weights * outcome)
        area = _average_precision(rows, hits)
        return {
            "auroc": _area_under_roc(rows, hits),
            "auprc": area,
            "auprc_lift": ratio(area, ratio(hits[:, -1], rows[:, -1])),
            **_at_tops(rows, hits, tops),
        }

    return measures


def recalls(score: Array, schemes: Mapping[str, npt.NDArray[np.bool_]], tops: Sequence[int]) -> Measures:
    """Return the share of each scheme's rows among the top k % of all rows, as `recall_top_1_<scheme>`."""
    ranked = Ranked(score)

    def measures(weights: Array) -> Mapping[str, Array]:
        rows = ranked.counted(weights)
        found: dict[str, Array] = {}
        for scheme, is_of_it in schemes.items():
            hits = ranked.counted(weights * is_of_it)
            for top in tops:
                found[f"recall_top_{top}_{scheme}"] = ratio(_hits_at(rows, hits, top), hits[:, -1])
        return found

    return measures


def _area_under_roc(rows: Array, hits: Array) -> Array:
    others = rows - hits
    areas = np.diff(others, axis=1) * (hits[:, 1:] + hits[:, :-1]) / 2
    return ratio(areas.sum(axis=1), others[:, -1] * hits[:, -1])


def _average_precision(rows: Array, hits: Array) -> Array:
    # The highest values may not be drawn at all; nothing is found there either.
    precision = np.nan_to_num(ratio(hits[:, 1:], rows[:, 1:]))
    return ratio((np.diff(hits, axis=1) * precision).sum(axis=1), hits[:, -1])


def _at_tops(rows: Array, hits: Array, tops: Sequence[int]) -> dict[str, Array]:
    values: dict[str, Array] = {}
    for top in tops:
        found = _hits_at(rows, hits, top)
        values[f"ppv_top_{top}"] = ratio(found, rows[:, -1] * top / 100)
        values[f"recall_top_{top}"] = ratio(found, hits[:, -1])
    return values


def _hits_at(rows: Array, hits: Array, top: int) -> Array:
    """Return the events in the top k % of the rows; of a value that is cut, its share, as drawn by lot."""
    return np.array(
        [
            np.interp(reached[-1] * top / 100, reached, found)
            for reached, found in zip(rows, hits, strict=True)
        ]
    )
