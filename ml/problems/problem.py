"""What makes up a problem: rows with features, outcome and baselines, and the models tried on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from carelake.contracts import read_contract
from ml.data import Tables
from ml.estimators.columns import Features, Inputs
from ml.estimators.segments import Segments
from ml.evaluation.splits import Split, split, windows

if TYPE_CHECKING:
    from ml.evaluation.evaluation import Kind

Baseline = Callable[["Rows", Split], npt.NDArray[np.float64]]
"""From all rows and their split to a score of the test rows; it may learn from the rows in training."""


FOLDER = Path(__file__).parents[1] / "features"
NEVER_FEATURES = (
    "patient_id",
    "encounter_id",
    "claim_id",
    "facility_id",
    "predicted_at",
    "race",
    "ethnicity",
)
"""Whose row it is, when it is told, and what models must not go by: subgroups alone are formed by it."""


def features_of(table: str, *besides: str) -> Features:
    """Return the columns of a feature table that a model reads: all but those never read and some named."""
    return Features.of(read_contract(FOLDER / f"{table}.yaml"), (*NEVER_FEATURES, *besides))


@dataclass(frozen=True, eq=False)
class Rows:
    """What can be predicted and judged: one row per scored entity and prediction time.

    `features` is as models take it; `about` has `patient_id`, `predicted_at` and whatever baselines read;
    `outcome` is NaN where it is not known; `groups` are the attributes that subgroups are formed by.
    """

    features: pd.DataFrame
    about: pd.DataFrame
    outcome: npt.NDArray[np.float64]
    groups: pd.DataFrame

    def where(self, chosen: npt.NDArray[np.bool_]) -> "Rows":
        """Return some of the rows."""
        return Rows(self.features[chosen], self.about[chosen], self.outcome[chosen], self.groups[chosen])

    @property
    def span(self) -> str:
        """The days of the first and the last prediction."""
        times = self.about["predicted_at"]
        return f"{times.min():%Y-%m-%d} to {times.max():%Y-%m-%d}"


def by_time_and_patient(label_days: int) -> Callable[[Rows, Tables], Split]:
    """Return the division of rows by prediction time and by patient; a label looks so many days ahead."""

    def divided(rows: Rows, tables: Tables) -> Split:
        times = rows.about["predicted_at"]
        spans = windows(times.min().date(), tables.data_through(), label_days)
        return split(rows.about["patient_id"], times.to_numpy(), spans)

    return divided


@dataclass(frozen=True)
class Problem:
    """One model's problem; `name` is that of the command, as in `carelake train readmission`.

    `table` holds the features; `segments` also groups the rows, for people to read.
    """

    name: str
    kind: "Kind"
    question: str
    outcome: str
    unit: str
    table: str
    features: Inputs
    load: Callable[[Tables], Rows]
    split: Callable[[Rows, Tables], Split]
    candidates: Mapping[str, Callable[[Inputs], Any]]
    baselines: Mapping[str, Baseline]
    segments: Segments | None = None

    @property
    def model_name(self) -> str:
        """Name in the model registry."""
        return f"carelake-{self.name.replace('_', '-')}"
