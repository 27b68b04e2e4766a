"""All candidates of a problem, fitted and judged on rows they have not seen; nothing is kept of them yet."""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from sklearn.base import BaseEstimator
from threadpoolctl import threadpool_limits

from ml.data import Tables
from ml.estimators.contributions import contributions_of, importance
from ml.evaluation.estimates import Sample
from ml.evaluation.evaluation import Evaluation
from ml.evaluation.splits import Split
from ml.problems.problem import Problem
from ml.training.fitting import Fitted, Parts, fit, parts
from ml.training.judging import judged, judged_baselines, sample_of

EXPLAINED = 2_000
"""Test rows by which importance is told."""


@dataclass(frozen=True, eq=False)
class Candidate:
    """A fitted candidate with what is told of it: `tables` say what drives it, and how it groups patients."""

    fitted: Fitted
    evaluation: Evaluation
    params: dict[str, object]
    tables: dict[str, pd.DataFrame]


@dataclass(frozen=True, eq=False)
class Trial:
    """The candidates of a problem, the fittest first, and the baselines, all judged on the same sample."""

    problem: Problem
    tables: Tables
    split: Split
    used: Parts
    sample: Sample
    baselines: dict[str, Evaluation]
    candidates: list[Candidate]

    @property
    def fittest(self) -> Candidate:
        """The candidate that is to be registered."""
        return self.candidates[0]

    @property
    def base_rate(self) -> float:
        """The mean outcome in training."""
        return float(np.nanmean(self.used.train.outcome))

    def judged(self, model: BaseEstimator) -> Evaluation:
        """Judge another model on the same rows."""
        return judged(self.problem, model, self.sample, self.used.test)


def tried(problem: Problem, tables: Tables) -> Trial:
    """Fit and judge all candidates of a problem.

    Raises:
        CarelakeError: tables are missing, or there are too few rows.
    """
    # The tables are narrow: threads of linear algebra wait for each other for longer than they work.
    with threadpool_limits(limits=1, user_api="blas"):
        rows = problem.load(tables)
        split = problem.split(rows, tables)
        used = parts(problem, rows, split)
        sample = sample_of(used.test)
        baselines = judged_baselines(problem, sample, rows, split, used.test)
        candidates = [
            _candidate(problem, one, sample, used) for one in fit(problem, used.train, used.calibrate)
        ]
        return Trial(problem, tables, split, used, sample, baselines, candidates)


def _candidate(problem: Problem, fitted: Fitted, sample: Sample, used: Parts) -> Candidate:
    evaluation = judged(problem, fitted.model, sample, used.test)
    shares = contributions_of(fitted.model, used.test.features.head(EXPLAINED), problem.features)
    tables = {"importance": importance(shares)}
    if hasattr(fitted.model, "segments"):
        tables["segments"] = fitted.model.segments.profile(used.test.features)
    return Candidate(fitted, evaluation, _params(problem, fitted) | used.params, tables)


def _params(problem: Problem, fitted: Fitted) -> dict[str, object]:
    given = fitted.base.named_steps["model"].get_params()
    plain = {name: value for name, value in given.items() if isinstance(value, str | int | float | bool)}
    return {"candidate": fitted.name, "features": len(problem.features.names), **plain}
