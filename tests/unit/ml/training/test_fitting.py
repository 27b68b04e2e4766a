from dataclasses import replace

import numpy as np
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from carelake.errors import CarelakeError
from ml.evaluation.splits import Split
from ml.training.fitting import fit, parts, predict
from ml.training.trial import tried
from tests.unit.ml.small_problem import small_problem


@pytest.fixture(scope="module")
def problem():
    return small_problem()


@pytest.fixture(scope="module")
def rows(problem):
    return problem.load(None)


def test_only_rows_of_known_outcome_are_fitted_and_judged(problem, rows):
    split = problem.split(rows, None)
    for part, chosen in zip(
        parts(problem, rows, split), (split.train, split.calibrate, split.test), strict=True
    ):
        known = chosen & np.isfinite(rows.outcome)
        assert len(part.outcome) == known.sum()
        assert np.isfinite(part.outcome).all()


def test_what_is_unusual_is_learned_from_all_rows(rows):
    anomaly = small_problem("anomaly")
    unknown = rows.outcome.copy()
    unknown[::2] = np.nan
    half_known = type(rows)(rows.features, rows.about, unknown, rows.groups)
    split = anomaly.split(half_known, None)
    assert len(parts(anomaly, half_known, split)[0].outcome) == split.train.sum()


def test_too_few_rows_are_an_error_that_counts_them(problem, rows):
    none = np.zeros(len(rows.outcome), dtype=bool)
    nothing = Split(none, none, none, np.zeros(len(none), dtype=np.int64), {})
    with pytest.raises(
        CarelakeError, match=r"readmission: 0 rows to train, 0 to calibrate, 0 to test on; .*load more"
    ):
        parts(problem, rows, nothing)


@pytest.mark.parametrize("kind", ["binary", "number"])
def test_the_candidates_come_fittest_first_and_predict(kind, rows):
    problem = small_problem(kind)
    given = problem.load(None)
    train, calibrate, test = parts(problem, given, problem.split(given, None))
    fitted = fit(problem, train, calibrate)
    assert [one.fitness for one in fitted] == sorted((one.fitness for one in fitted), reverse=True)
    assert {one.name for one in fitted} == set(problem.candidates)
    predicted = predict(problem, fitted[0].model, test.features)
    assert np.corrcoef(predicted, test.outcome)[0, 1] > 0.3


def test_models_are_fitted_with_one_thread_of_linear_algebra(problem, rows):
    def threads():
        return {one["num_threads"] for one in threadpool_info() if one["user_api"] == "blas"}

    def load(tables):
        inside.append(threads())
        return rows

    inside = []
    with threadpool_limits(limits=2, user_api="blas"):
        tried(replace(problem, load=load), None)
        assert threads() == {2}
    assert inside == [{1}]
