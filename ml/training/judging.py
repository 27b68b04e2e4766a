"""Evaluations of fitted models and of baselines, all on the same test rows with the same draws."""

import numpy as np

from ml.evaluation.estimates import Sample
from ml.evaluation.evaluation import Evaluation, of_numbers, of_probabilities, of_scores
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


def judged(problem: Problem, model: object, sample: Sample, test: Rows) -> Evaluation:
    """Evaluate a model on the test rows."""
    predicted = predict(problem, model, test.features)
    if problem.kind == "binary":
        return of_probabilities(sample, predicted)
    return of_numbers(sample, predicted, model.predict_quantiles(test.features))  # type: ignore[attr-defined]


def judged_baselines(problem: Problem, sample: Sample, rows: Rows, split: Split) -> dict[str, Evaluation]:
    """Evaluate the baselines of a problem on the same rows."""
    known = np.isfinite(rows.outcome)[split.test]
    found = {name: baseline(rows, split)[known] for name, baseline in problem.baselines.items()}
    of = of_scores if problem.kind == "binary" else of_numbers
    return {name: of(sample, score) for name, score in found.items()}
