"""Pictures of an evaluation, drawn from its tables."""

from collections.abc import Callable
from pathlib import Path

import pandas as pd
from matplotlib.figure import Figure

from ml.evaluation.evaluation import Evaluation

MODEL, OTHER = "#1b6ca8", "#8a8a8a"
Curves = dict[str, pd.DataFrame]


def save_plots(evaluation: Evaluation, folder: Path) -> list[Path]:
    """Write a PNG file for each picture the evaluation has tables for; return the files.

    Figures are made without pyplot, so none stays open.
    """
    folder.mkdir(parents=True, exist_ok=True)
    files = []
    for name, (needed, draw) in PICTURES.items():
        if needed <= evaluation.curves.keys():
            figure = Figure(figsize=(9, 4), layout="constrained")
            draw(figure, evaluation.curves)
            files.append(folder / f"{name}.png")
            figure.savefig(files[-1], dpi=110)
    return files


def _discrimination(figure: Figure, curves: Curves) -> None:
    left, right = figure.subplots(1, 2)
    left.plot(curves["roc"]["false_positive_rate"], curves["roc"]["true_positive_rate"], color=MODEL)
    left.plot([0, 1], [0, 1], "--", color=OTHER)
    left.set(xlabel="false positive rate", ylabel="true positive rate", title="ROC")
    points = curves["precision_recall"]
    right.plot(points["recall"], points["precision"], color=MODEL)
    right.set(xlabel="recall", ylabel="precision", title="Precision and recall", ylim=(0, 1.02))


def _calibration(figure: Figure, curves: Curves) -> None:
    upper, lower = figure.subplots(2, 1, height_ratios=(3, 1), sharex=True)
    points = curves["calibration"]
    reach = min(1.0, 1.1 * points[["probability", "actual_high"]].max().max())
    upper.plot([0, 1], [0, 1], "--", color=OTHER)
    upper.vlines(points["probability"], points["actual_low"], points["actual_high"], color=MODEL)
    upper.plot(points["probability"], points["actual"], "o-", ms=4, color=MODEL)
    upper.set(
        ylabel="observed share", title="Calibration, tenths of the rows, 95 % intervals", ylim=(0, reach)
    )
    bars = curves["probabilities"]
    lower.bar(bars["from"], bars["rows"], width=bars["to"] - bars["from"], align="edge", color=MODEL)
    lower.set(xlabel="probability", ylabel="rows", xlim=(0, reach))


def _decision(figure: Figure, curves: Curves) -> None:
    axes, points = figure.subplots(), curves["decision"]
    axes.plot(points["threshold"], points["model"], color=MODEL, label="model")
    axes.plot(points["threshold"], points["treat_all"], color=OTHER, label="act on all")
    axes.plot(points["threshold"], points["treat_none"], "--", color=OTHER, label="act on none")
    top = points[["model", "treat_all"]].max().max()
    axes.set(xlabel="probability from which one acts", ylabel="net benefit per row", title="Decision curve")
    # Acting on all soon does far more harm than anything else shown.
    axes.set_ylim(-0.2 * top, 1.1 * top)
    axes.legend(frameon=False)


def _agreement(figure: Figure, curves: Curves) -> None:
    axes, points = figure.subplots(), curves["agreement"]
    ends = [points["predicted"].min(), points["predicted"].max()]
    axes.plot(ends, ends, "--", color=OTHER)
    axes.fill_between(
        points["predicted"],
        points["actual_10"],
        points["actual_90"],
        color=MODEL,
        alpha=0.15,
        label="middle 80 %",
    )
    axes.plot(points["predicted"], points["actual"], "o-", ms=4, color=MODEL, label="mean")
    axes.set(xlabel="predicted", ylabel="actual", title="Predicted and actual, tenths of the rows")
    axes.legend(frameon=False)


def _precision_at(figure: Figure, curves: Curves) -> None:
    axes, points = figure.subplots(), curves["precision_at"]
    axes.plot(points["top"], points["precision"], "o-", ms=4, color=MODEL, label="precision")
    axes.plot(points["top"], points["recall"], "o--", ms=4, color=OTHER, label="recall")
    axes.set(xlabel="rows looked at, from the highest score, %", title="Precision and recall at the top")
    axes.set_ylim(0, 1.02)
    axes.legend(frameon=False)


PICTURES: dict[str, tuple[set[str], Callable[[Figure, Curves], None]]] = {
    "discrimination": ({"roc", "precision_recall"}, _discrimination),
    "calibration": ({"calibration", "probabilities"}, _calibration),
    "decision": ({"decision"}, _decision),
    "agreement": ({"agreement"}, _agreement),
    "precision_at": ({"precision_at"}, _precision_at),
}
"""Each picture, the tables it needs and what draws it."""
