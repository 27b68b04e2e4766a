"""A small problem of made-up stays, for tests of training and tracking against a real MLflow store."""

from datetime import date

import numpy as np
import pandas as pd

from ml.estimators import classifiers, regressors
from ml.estimators.anomaly import Suspicion
from ml.estimators.columns import Features
from ml.evaluation.splits import split, windows
from ml.problems.problem import Problem, Rows
from ml.training.train import track
from ml.training.trial import tried

FEATURES = Features(("severity", "visits"), ("unit",))
FIRST, LAST = date(2023, 1, 1), date(2024, 12, 31)
LABEL_DAYS = 30


def stays(count=1500, seed=11):
    """Return stays whose severity makes a return likelier and longer; some outcomes are not known."""
    random = np.random.default_rng(seed)
    severity = random.normal(0, 1, count)
    days = random.integers(0, (LAST - FIRST).days, count)
    frame = pd.DataFrame(
        {
            "patient_id": [f"P{number}" for number in random.integers(0, count // 2, count)],
            "predicted_at": np.datetime64(FIRST) + days.astype("timedelta64[D]"),
            "severity": severity,
            "visits": random.poisson(2, count).astype(float),
            "unit": random.choice(["medical", "surgical", "icu"], count),
            "sex": random.choice(["F", "M"], count),
            "scheme_found": None,
        }
    )
    back = random.random(count) < 1 / (1 + np.exp(1.2 - 1.5 * severity))
    return frame.assign(back=np.where(days > 700, np.nan, back.astype(float)), los=np.exp(1 + 0.5 * severity))


def rows_of(outcome):
    def load(tables):
        frame = stays()
        return Rows(FEATURES.frame(frame), frame, frame[outcome].to_numpy(), frame[["sex"]])

    return load


def divided(rows, tables):
    spans = windows(FIRST, LAST, LABEL_DAYS)
    return split(rows.about["patient_id"], rows.about["predicted_at"].to_numpy(), spans)


def noise(rows, parts):
    return np.random.default_rng(1).normal(5, 1, int(parts.test.sum()))


def small_problem(kind="binary"):
    candidates = {
        "binary": {"logistic": classifiers.logistic, "boosted": classifiers.boosted},
        "number": {"log_linear": regressors.log_linear, "boosted": regressors.boosted},
        "anomaly": {"isolation_forest": Suspicion},
    }
    return Problem(
        name="readmission",
        kind=kind,
        question="Back within 30 days?",
        outcome="A return",
        unit="of stays",
        table="gold/features_small",
        features=FEATURES,
        load=rows_of("los" if kind == "number" else "back"),
        split=divided,
        candidates=candidates[kind],
        baselines={"noise": noise},
    )


def train(problem, tables, client, settings, now):
    return track(tried(problem, tables), client, settings, now)
