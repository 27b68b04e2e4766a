"""Patients in groups of like use of care, each with a name and a profile that a person can read."""

from collections.abc import Mapping
from typing import Self

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator, ClassifierMixin
from sklearn.cluster import KMeans
from sklearn.preprocessing import StandardScaler

from ml.estimators.classifiers import SEED

COUNT = 5
TOLD = 2
"""Traits that a segment is named by."""
MARKED = 0.5
"""Standard deviations from the mean of all from which a trait marks a segment."""


class Segments(BaseEstimator):  # type: ignore[misc]
    """K-means over logarithms of what patients had and cost; numbered by cost, from the least."""

    def __init__(self, traits: Mapping[str, tuple[str, str]], cost: str) -> None:
        """Take what patients are alike or unlike by, and the column that segments are ordered by.

        Each trait is a column with the words for having little and much of it.
        """
        self.traits = traits
        self.cost = cost

    def fit(self, rows: pd.DataFrame) -> Self:
        """Find the segments and name them."""
        values = self._values(rows)
        self.scaler_ = StandardScaler().fit(values)
        self.means_ = KMeans(COUNT, n_init=10, random_state=SEED).fit(self.scaler_.transform(values))
        found = self.means_.labels_
        cost = rows[self.cost].fillna(0.0).groupby(found).mean().reindex(range(COUNT)).fillna(0.0)
        self.order_ = np.argsort(np.argsort(cost.to_numpy()))
        self.names_ = [self._name(number) for number in np.argsort(self.order_)]
        return self

    def predict(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the name of each row's segment."""
        found = self.means_.predict(self.scaler_.transform(self._values(rows)))
        return np.asarray(self.names_, dtype=object)[self.order_[found]]

    def profile(self, rows: pd.DataFrame) -> pd.DataFrame:
        """Return a row per segment: how many rows it has, and their means of what it was found by."""
        segment = pd.Series(self.predict(rows), index=rows.index, name="segment")
        means = rows[[self.cost, *self.traits]].groupby(segment).mean()
        means.insert(0, "rows", segment.value_counts())
        return means.reindex([name for name in self.names_ if name in means.index]).reset_index()

    def _values(self, rows: pd.DataFrame) -> np.ndarray:
        known = rows[[self.cost, *self.traits]].fillna(0.0).clip(lower=0.0)
        return np.asarray(np.log1p(known), dtype=float)

    def _name(self, number: int) -> str:
        centre = self.means_.cluster_centers_[number][1:]
        words = list(self.traits.values())
        strongest = [place for place in np.argsort(-np.abs(centre)) if abs(centre[place]) > MARKED][:TOLD]
        marks = " and ".join(words[place][int(centre[place] > 0)] for place in strongest) or "like the most"
        return f"{self.order_[number] + 1}: {marks}"


class Segmented(ClassifierMixin, BaseEstimator):  # type: ignore[misc]
    """A classifier that also says which segment a row belongs to."""

    def __init__(self, classifier: BaseEstimator, segments: Segments) -> None:
        """Take both, fitted."""
        self.classifier = classifier
        self.segments = segments

    @property
    def classes_(self) -> np.ndarray:
        """The classes of the classifier."""
        return np.asarray(self.classifier.classes_)

    def predict_proba(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the classifier's probabilities."""
        return np.asarray(self.classifier.predict_proba(rows), dtype=float)

    def segment(self, rows: pd.DataFrame) -> np.ndarray:
        """Return the name of each row's segment."""
        return self.segments.predict(rows)
