"""Whether a score serves all: the same figures for each sex, race, age band and class of payer."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import numpy.typing as npt
import pandas as pd
from fairlearn.metrics import MetricFrame, count

from ml.evaluation.calibration import in_the_large
from ml.evaluation.estimates import Array, Estimate, Measures, Sample, within
from ml.evaluation.ranking import ranking

FEWEST_ROWS = 11
"""Counts below are not told: the cell size policy of CMS for published tables."""
FEWEST_EVENTS = 20
"""With fewer events, or fewer rows without one, a group's figures say nothing."""
UNKNOWN = "unknown"
AGES = {"0-17": 18, "18-44": 45, "45-64": 65, "65-74": 75, "75-84": 85, "85+": 200}
"""Age bands, and the first age that is above each."""
COMPARED = ("auroc", "observed_to_expected")


@dataclass(frozen=True)
class Group:
    """One value of an attribute and what is known of its rows; no estimates where it is too small."""

    attribute: str
    name: str
    rows: int
    events: int
    estimates: dict[str, Estimate] = field(default_factory=dict)

    @property
    def is_too_small(self) -> bool:
        """Whether there are too few rows, events or rows without one for figures."""
        return self.rows < FEWEST_ROWS or min(self.events, self.rows - self.events) < FEWEST_EVENTS


@dataclass(frozen=True)
class Gap:
    """The distance between the two groups of an attribute that lie farthest apart in a figure.

    The two are chosen by the very figures compared, so chance alone makes a gap: judge its interval.
    """

    attribute: str
    measure: str
    highest: str
    lowest: str
    distance: Estimate


def age_band(years: pd.Series) -> pd.Series:
    """Return the band of each age in completed years; a missing age has none."""
    bands = pd.cut(years, [0, *AGES.values()], right=False, labels=list(AGES))
    return bands.astype("object")


def subgroups(sample: Sample, probability: Array) -> list[Group]:
    """Return AUROC and observed over expected of each group of each attribute, with intervals."""
    found = [group for attribute in sample.groups for group in _counted(sample, attribute)]
    families = {
        (group.attribute, group.name): _compared(sample, probability, group)
        for group in found
        if not group.is_too_small
    }
    estimates = sample.estimates(families)
    return [replace(one, estimates=estimates.get((one.attribute, one.name), {})) for one in found]


def gaps(groups: Sequence[Group]) -> list[Gap]:
    """Return the largest gap of each attribute with at least two groups that have figures."""
    found = []
    for attribute in dict.fromkeys(group.attribute for group in groups):
        there = [group for group in groups if group.attribute == attribute and group.estimates]
        for measure in COMPARED if len(there) > 1 else ():
            rising = sorted(there, key=lambda group: group.estimates[measure].value)
            low, high = rising[0], rising[-1]
            distance = high.estimates[measure] - low.estimates[measure]
            found.append(Gap(attribute, measure, high.name, low.name, distance))
    return found


def groups_table(groups: Sequence[Group]) -> pd.DataFrame:
    """Return a row for each group; counts below eleven are left empty, and so are figures of small groups."""
    rows = [
        {
            "attribute": group.attribute,
            "group": group.name,
            "rows": _told(group.rows),
            "events": _told(group.events),
            **{
                f"{measure}{end}": figure
                for measure in COMPARED
                for end, figure in _figures(group.estimates.get(measure)).items()
            },
            "note": "too small" if group.is_too_small else "",
        }
        for group in groups
    ]
    return pd.DataFrame(rows).astype({"rows": "Int64", "events": "Int64"} if rows else {})


def gaps_table(found: Sequence[Gap]) -> pd.DataFrame:
    """Return a row for each gap."""
    return pd.DataFrame(
        [
            {
                "attribute": gap.attribute,
                "measure": gap.measure,
                "highest": gap.highest,
                "lowest": gap.lowest,
                "gap": gap.distance.value,
                "low": gap.distance.low,
                "high": gap.distance.high,
            }
            for gap in found
        ]
    )


def _counted(sample: Sample, attribute: str) -> list[Group]:
    frame = MetricFrame(
        metrics={"rows": count, "events": lambda outcome, _: int(outcome.sum())},
        y_true=sample.outcome,
        y_pred=sample.outcome,
        sensitive_features=_names(sample, attribute),
    )
    return [
        Group(attribute, str(name), int(row["rows"]), int(row["events"]))
        for name, row in frame.by_group.iterrows()
    ]


def _compared(sample: Sample, probability: Array, group: Group) -> Measures:
    rows = _names(sample, group.attribute) == group.name
    outcome, expected = sample.outcome[rows], probability[rows]
    order, level = ranking(outcome, expected, tops=()), in_the_large(outcome, expected)
    return within(rows, lambda weights: {"auroc": order(weights)["auroc"], **level(weights)})


def _names(sample: Sample, attribute: str) -> npt.NDArray[np.str_]:
    column = sample.groups[attribute]
    return np.where(column.isna(), UNKNOWN, column.astype(str)).astype(str)


def _told(number: int) -> int | None:
    return number if number >= FEWEST_ROWS else None


def _figures(estimate: Estimate | None) -> dict[str, float]:
    if estimate is None:
        return dict.fromkeys(("", "_low", "_high"), float("nan"))
    return {"": estimate.value, "_low": estimate.low, "_high": estimate.high}
