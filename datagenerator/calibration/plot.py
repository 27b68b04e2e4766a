"""The calibration report as a picture: where each marginal lies in its band, and conditions by age."""

from collections.abc import Sequence
from pathlib import Path

import matplotlib as mpl
import numpy as np
from matplotlib.axes import Axes
from matplotlib.figure import Figure

from datagenerator.arguments import Arguments
from datagenerator.calibration.people import conditions
from datagenerator.calibration.report import Marginal
from datagenerator.catalogue import table

SHOWN = ("hypertension", "diabetes", "copd", "heart_failure", "ckd", "dementia")
AGES = np.arange(0, 100, 5)
INSIDE, OUTSIDE = "#1b6ca8", "#c0392b"


def draw(marginals: Sequence[Marginal], arguments: Arguments, target: Path) -> None:
    """Write the picture as SVG; the same figures give the same bytes."""
    # Names of shapes come from this salt instead of chance.
    with mpl.rc_context({"svg.hashsalt": "carelake", "svg.fonttype": "none", "font.size": 8}):
        figure = Figure(figsize=(11, 0.17 * len(marginals) + 1.2), layout="constrained")
        left, right = figure.subplots(1, 2, width_ratios=(3, 2))
        _bands(left, marginals)
        _by_age(right, arguments)
        figure.savefig(target, format="svg", metadata={"Date": None, "Creator": None})


def _bands(axes: Axes, marginals: Sequence[Marginal]) -> None:
    for place, one in enumerate(marginals):
        values = (np.array(one.values) - one.low) / (one.high - one.low)
        colour = INSIDE if one.is_inside else OUTSIDE
        axes.plot(values.clip(-0.3, 1.3), np.full(len(values), place), "o", ms=3, color=colour, alpha=0.7)
    axes.axvspan(0, 1, color="#e8f1f8", zorder=0)
    axes.set_yticks(range(len(marginals)), [one.name.replace("_", " ") for one in marginals])
    axes.set_ylim(len(marginals) - 0.5, -0.5)
    axes.set_xlim(-0.35, 1.35)
    axes.set_xticks([0, 1], ["lower end", "upper end"])
    axes.set_title("Each figure in its band, a dot a generation")


def _by_age(axes: Axes, arguments: Arguments) -> None:
    ages, has = conditions(arguments)
    names = table("chronic")["condition"].to_list()
    group = np.digitize(ages, AGES) - 1
    for name in SHOWN:
        there = has[:, names.index(name)]
        share = [there[group == place].mean() if place in group else np.nan for place in range(len(AGES) - 1)]
        axes.plot(AGES[:-1] + 2.5, share, label=name.replace("_", " "))
    axes.set_xlabel("age")
    axes.set_title("Who has which condition, by age")
    axes.legend(frameon=False)
