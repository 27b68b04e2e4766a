"""How far probabilities can be taken at their word."""

import warnings
from collections.abc import Callable, Mapping

import numpy as np
import numpy.typing as npt
from scipy.special import expit, logit
from statsmodels.genmod.families import Binomial
from statsmodels.genmod.generalized_linear_model import GLM
from statsmodels.tools.sm_exceptions import PerfectSeparationWarning

from ml.evaluation.estimates import Array, Measures, ratio

BINS = 10
SMALLEST = 1e-6
"""A probability of 0 or 1 counts as this far from it: the logit of either has no end."""
STEPS = 12
EXACT = 1e-6
"""A step of Newton's method below which a coefficient is found."""


def calibration(outcome: Array, probability: Array) -> Measures:
    """Return Brier score, ECE, slope, intercept, and observed over expected events.

    The slope is that of the logistic regression of the outcome on the logit of the probability: below 1, the
    probabilities are too far from the mean. The intercept is of the same regression with the slope held at 1:
    above 0, they are too low on the whole (Van Calster et al. 2019, BMC Medicine 17:230). ECE is the mean
    distance of mean probability and observed share over ten bins of equal counts, which the draws keep; it
    can't be below 0, so noise adds to it.
    """
    squared = (outcome - probability) ** 2
    excess = (outcome - probability)[:, None] * _membership(probability)
    log_odds = logit(np.clip(probability, SMALLEST, 1 - SMALLEST))
    ones = np.ones_like(log_odds)
    free = _regression(outcome, np.column_stack([log_odds, ones]), 0 * ones)
    held = _regression(outcome, ones[:, None], log_odds)

    def measures(weights: Array) -> Mapping[str, Array]:
        total = weights.sum(axis=1)
        return {
            "brier": ratio(weights @ squared, total),
            "ece": ratio(np.abs(weights @ excess).sum(axis=1), total),
            "calibration_slope": free(weights)[:, 0],
            "calibration_intercept": held(weights)[:, 0],
            **in_the_large(outcome, probability)(weights),
        }

    return measures


def in_the_large(outcome: Array, expected: Array) -> Measures:
    """Return what was observed over what was expected, 1 where they agree on the whole."""
    return lambda weights: {"observed_to_expected": ratio(weights @ outcome, weights @ expected)}


def bins(values: Array, count: int = BINS) -> npt.NDArray[np.int64]:
    """Return each value's bin of about equal counts, from 0; equal values share a bin."""
    edges = np.quantile(values, np.linspace(0, 1, count + 1)[1:-1])
    _, numbered = np.unique(np.searchsorted(edges, values), return_inverse=True)
    return numbered


def by_bin(outcome: Array, values: Array, count: int = BINS) -> Measures:
    """Return the mean outcome of each bin, named by the bin's number."""
    member = _membership(values, count)
    outcomes = member * outcome[:, None]

    def measures(weights: Array) -> Mapping[str, Array]:
        means = ratio(weights @ outcomes, weights @ member)
        return {str(number): means[:, number] for number in range(member.shape[1])}

    return measures


def _membership(values: Array, count: int = BINS) -> Array:
    """Return whether each row is in each bin (rows x bins)."""
    numbered = bins(values, count)
    return np.eye(numbered.max() + 1)[numbered]


def _regression(outcome: Array, design: Array, offset: Array) -> Callable[[Array], Array]:
    """Return the coefficients of a logistic regression as a function of weights (draws x columns).

    NaN where there are none: only events or only non-events, one probability for all, or a perfect divide.
    """
    start = _fitted(outcome, design, offset)

    def coefficients(weights: Array) -> Array:
        found = np.tile(start, (len(weights), 1))
        both = (weights @ outcome > 0) & (weights @ (1 - outcome) > 0)
        found[~both] = np.nan
        if both.any() and np.isfinite(start).all():
            found[both] = _newton(weights[both], outcome, design, offset, found[both])
        return found

    return coefficients


def _fitted(outcome: Array, design: Array, offset: Array) -> Array:
    """Return the coefficients of the whole sample; the draws are near them, so they start there."""
    nothing = np.full(design.shape[1], np.nan)
    if outcome.min() == outcome.max() or np.linalg.matrix_rank(design) < design.shape[1]:
        return nothing
    model = GLM(outcome, design, family=Binomial(), offset=offset)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", PerfectSeparationWarning)
        fitted = model.fit()
    # What statsmodels warns of. Threads share the filters of warnings, so the result must not depend on one.
    return nothing if np.allclose(fitted.mu, outcome) else fitted.params


def _newton(weights: Array, outcome: Array, design: Array, offset: Array, start: Array) -> Array:
    """Return the coefficients of all draws at once by Newton's method, NaN where it does not settle."""
    columns = design.shape[1]
    pairs = (design[:, :, None] * design[:, None, :]).reshape(len(design), -1)
    # Keeps a draw without a finite answer from stopping the others.
    ridge = 1e-9 * np.eye(columns)
    found, step = start, np.full_like(start, np.inf)
    for _ in range(STEPS):
        chance = expit(found @ design.T + offset)
        slopes = (weights * (outcome - chance)) @ design
        bends = ((weights * chance * (1 - chance)) @ pairs).reshape(-1, columns, columns)
        step = np.linalg.solve(bends + ridge, slopes[:, :, None])[:, :, 0]
        found = found + step
        if np.abs(step).max() < EXACT:
            break
    return np.where(np.abs(step).max(axis=1, keepdims=True) < EXACT, found, np.nan)
