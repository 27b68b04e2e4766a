"""Samples to evaluate on."""

import numpy as np
import pytest

from ml.evaluation.estimates import Sample


@pytest.fixture
def draw_sample():
    """Rows of patients, two or so each, whose true probability is known."""

    def draw(rows=600, seed=1, draws=100, groups=None):
        random = np.random.default_rng(seed)
        probability = 1 / (1 + np.exp(1.2 - random.normal(scale=1.2, size=rows)))
        outcome = (random.random(rows) < probability).astype(float)
        patients = random.integers(rows // 2, size=rows).astype(str)
        more = {} if groups is None else {"groups": groups}
        return Sample(outcome, patients, draws=draws, **more), probability

    return draw


@pytest.fixture
def weighed():
    """Weights of a few draws, some of them 0; then outcome, a score with ties and a probability."""
    random = np.random.default_rng(11)
    rows = 300
    score = random.integers(12, size=rows).astype(float)
    probability = np.clip((score + random.normal(size=rows)) / 14, 0.01, 0.99)
    outcome = (random.random(rows) < probability).astype(float)
    return random.integers(4, size=(5, rows)).astype(float), outcome, score, probability
