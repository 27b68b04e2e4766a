"""Evaluations of fitted models and of baselines, all on the same test rows with the same draws."""

import numpy as np
import numpy.typing as npt
from sklearn.base import BaseEstimator

from ml.evaluation.estimates import Sample
from ml.evaluation.evaluation import Evaluation, of_anomalies, of_numbers, of_probabilities, of_scores
from ml.evaluation.splits import Split
from ml.problems.problem import Problem, Rows
from ml.training.fitting import predict

MANY, DRAWS, FEWER_DRAWS = 30_000, 1000, 200
"""Rows from which fewer draws do: the interval is narrow, and each draw takes long."""


def sample_of(test: Rows) -> Sample:
    """Return the sample that everything is judged on."""
    draws = DRAWS if len(test.outcome) < MANY else FEWER_DRAWS
    return Sample(
        test.outcome, test.about["patient_id"].to_numpy(), test.groups.reset_index(drop=True), draws
    )


def judged(problem: Problem, model: BaseEstimator, sample: Sample, test: Rows) -> Evaluation:
    """Evaluate a model on the test rows."""
    predicted = predict(problem, model, test.features)
    if problem.kind == "binary":
        return of_probabilities(sample, predicted)
    if problem.kind == "anomaly":
        return of_anomalies(sample, predicted, test.about["scheme_found"])
    return of_numbers(sample, predicted, model.predict_quantiles(test.features))


def judged_baselines(
    problem: Problem, sample: Sample, rows: Rows, split: Split, test: Rows
) -> dict[str, Evaluation]:
    """Evaluate the baselines of a problem on the same rows."""
    known = np.isfinite(rows.outcome)[split.test]
    scores = {name: baseline(rows, split)[known] for name, baseline in problem.baselines.items()}
    return {name: _judged_score(problem, sample, score, test) for name, score in scores.items()}


def _judged_score(problem: Problem, sample: Sample, score: npt.ArrayLike, test: Rows) -> Evaluation:
    if problem.kind == "anomaly":
        return of_anomalies(sample, score, test.about["scheme_found"])
    return of_scores(sample, score) if problem.kind == "binary" else of_numbers(sample, score)
