"""The evaluation of one score on one sample: figures, tables, and the difference to another score."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

from carelake.errors import CarelakeError
from ml.evaluation.accuracy import accuracy, quantile_accuracy
from ml.evaluation.calibration import calibration
from ml.evaluation.curves import (
    agreement,
    calibration_curve,
    decision_curve,
    precision_at,
    precision_recall,
    probability_counts,
    roc,
)
from ml.evaluation.estimates import Array, Estimate, Measures, Sample
from ml.evaluation.ranking import ranking, recalls
from ml.evaluation.subgroups import Gap, Group, gaps, gaps_table, groups_table, subgroups

Kind = Literal["binary", "number", "anomaly"]
MAIN = {"binary": "auroc", "number": "mae", "anomaly": "auprc"}
"""The measure by which scores of a kind are compared."""
LOWER_IS_BETTER = ("mae",)
AUDITED_TOPS = (1, 2)
"""Shares of the claims, in percent, that auditors have time for."""


@dataclass(frozen=True, eq=False)
class Evaluation:
    """What is known of a score.

    `sample` names its rows and draws: scores are compared where it is the same. `curves` are the tables that
    plots are drawn from. Subgroups and their gaps are there for probabilities alone.
    """

    kind: Kind
    sample: str
    rows: int
    patients: int
    estimates: dict[str, Estimate]
    curves: dict[str, pd.DataFrame] = field(default_factory=dict)
    groups: tuple[Group, ...] = ()
    gaps: tuple[Gap, ...] = ()

    def metrics(self) -> dict[str, float]:
        """Return all known figures under flat names, as `auroc`, `auroc_low` and `auroc_high`."""
        ends = {
            f"{name}{end}": figure
            for name, one in self.estimates.items()
            for end, figure in {"": one.value, "_low": one.low, "_high": one.high}.items()
        }
        known = {name: figure for name, figure in ends.items() if np.isfinite(figure)}
        return {"rows": float(self.rows), "patients": float(self.patients), **known}

    def tables(self) -> dict[str, pd.DataFrame]:
        """Return the tables of the model card by name, none of them empty."""
        figures = [(name, one.value, one.low, one.high) for name, one in self.estimates.items()]
        tables = {
            "measures": pd.DataFrame(figures, columns=["measure", "value", "low", "high"]),
            "subgroups": groups_table(self.groups),
            "gaps": gaps_table(self.gaps),
            **self.curves,
        }
        return {name: table for name, table in tables.items() if len(table)}

    def minus(self, other: "Evaluation") -> dict[str, Estimate]:
        """Return the paired differences to another score in all measures that both have.

        Raises:
            CarelakeError: the two were not evaluated on the same rows with the same draws.
        """
        if self.sample != other.sample:
            raise CarelakeError(
                "two scores can only be compared on the same rows: evaluate both on one sample"
            )
        shared = [name for name in self.estimates if name in other.estimates]
        return {name: self.estimates[name] - other.estimates[name] for name in shared}

    @property
    def main(self) -> Estimate:
        """The main measure of its kind."""
        return self.estimates[MAIN[self.kind]]

    def gain_over(self, other: "Evaluation") -> Estimate:
        """Return how much better than another it is in its kind's main measure; below 0, it is worse."""
        main = MAIN[self.kind]
        difference = self.minus(other)[main]
        return -difference if main in LOWER_IS_BETTER else difference


def of_probabilities(sample: Sample, probability: npt.ArrayLike) -> Evaluation:
    """Evaluate probabilities of a yes or no.

    Raises:
        CarelakeError: they don't fit the rows or lie outside 0 to 1, or outcomes are neither 0 nor 1.
    """
    values = _checked_binary(sample, probability)
    if values.min() < 0 or values.max() > 1:
        raise CarelakeError("probabilities must lie between 0 and 1; evaluate other scores with of_scores")
    groups = subgroups(sample, values)
    return Evaluation(
        **_about("binary", sample),
        estimates=_merged(
            sample, order=ranking(sample.outcome, values), level=calibration(sample.outcome, values)
        ),
        curves={
            "roc": roc(sample.outcome, values),
            "precision_recall": precision_recall(sample.outcome, values),
            "calibration": calibration_curve(sample, values),
            "probabilities": probability_counts(values),
            "decision": decision_curve(sample.outcome, values),
        },
        groups=tuple(groups),
        gaps=tuple(gaps(groups)),
    )


def of_scores(sample: Sample, score: npt.ArrayLike) -> Evaluation:
    """Evaluate a score that only sorts, such as LACE: higher means more likely."""
    values = _checked_binary(sample, score)
    return Evaluation(
        **_about("binary", sample),
        estimates=_merged(sample, order=ranking(sample.outcome, values)),
        curves={
            "roc": roc(sample.outcome, values),
            "precision_recall": precision_recall(sample.outcome, values),
        },
    )


def of_numbers(
    sample: Sample, predicted: npt.ArrayLike, quantiles: Mapping[float, npt.ArrayLike] | None = None
) -> Evaluation:
    """Evaluate predicted numbers, and predicted quantiles by level; lowest and highest make the interval."""
    values = sample.checked(predicted)
    lines = {level: sample.checked(line) for level, line in (quantiles or {}).items()}
    return Evaluation(
        **_about("number", sample),
        estimates=_merged(
            sample,
            numbers=accuracy(sample.outcome, values),
            intervals=quantile_accuracy(sample.outcome, lines),
        ),
        curves={"agreement": agreement(sample, values)},
    )


def of_anomalies(sample: Sample, score: npt.ArrayLike, schemes: npt.ArrayLike | None = None) -> Evaluation:
    """Evaluate a score of suspicion, higher being more so; `schemes` names the scheme of each anomalous row.

    Rows are those that were audited. They were not drawn by lot, so the base rate is theirs, not that of all.
    """
    values = _checked_binary(sample, score)
    given = np.asarray([""] * sample.rows if schemes is None else schemes, dtype=object)
    names = np.where(pd.isna(given) | (sample.outcome == 0), "", given).astype(str)
    rows_of = {name: names == name for name in np.unique(names) if name}
    return Evaluation(
        **_about("anomaly", sample),
        estimates=_merged(
            sample,
            order=ranking(sample.outcome, values, AUDITED_TOPS),
            schemes=recalls(values, rows_of, AUDITED_TOPS),
        ),
        curves={"precision_at": precision_at(sample.outcome, values)},
    )


def _about(kind: Kind, sample: Sample) -> dict[str, Any]:
    patients = len(np.unique(sample.patients))
    return {"kind": kind, "sample": sample.key, "rows": sample.rows, "patients": patients}


def _merged(sample: Sample, **families: Measures) -> dict[str, Estimate]:
    estimates = sample.estimates(families).values()
    return {name: one for family in estimates for name, one in family.items()}


def _checked_binary(sample: Sample, score: npt.ArrayLike) -> Array:
    if not np.isin(sample.outcome, (0, 1)).all() or sample.outcome.min() == sample.outcome.max():
        raise CarelakeError(
            "outcomes must be 0 or 1, and both must occur: nothing can be told of one kind alone"
        )
    return sample.checked(score)
