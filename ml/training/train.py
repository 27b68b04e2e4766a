"""Training a problem's model: candidates judged and tracked, the fittest registered, gates passed or not."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

import numpy as np
import pandas as pd
from mlflow import MlflowClient

from carelake.settings import Settings
from ml.data import Tables
from ml.estimators.contributions import contributions_of, importance
from ml.evaluation.estimates import Sample
from ml.evaluation.evaluation import Evaluation
from ml.gates import Decision, decide
from ml.monitoring.profile import PROFILES, profiles
from ml.problems.problem import Problem, Rows
from ml.tracking.card import Card
from ml.tracking.champions import champion, promote, register
from ml.tracking.runs import Record, attach, log
from ml.tracking.store import experiment
from ml.training.fitting import Fitted, Parts, fit, parts, predict
from ml.training.judging import judged, judged_baselines, sample_of

EXPLAINED = 2_000
"""Test rows by which importance is told."""


SHOWN = {
    "binary": ("auroc", "auprc", "brier", "calibration_slope"),
    "number": ("mae", "r2", "coverage"),
    "anomaly": ("auprc", "auprc_lift", "recall_top_2"),
}


@dataclass(frozen=True)
class Trained:
    """What became of a training."""

    problem: str
    model_name: str
    version: str
    candidate: str
    decision: Decision
    evaluation: Evaluation
    card: str

    @property
    def figures(self) -> list[str]:
        """The measures that a person looks at first, with their intervals."""
        shown = SHOWN[self.evaluation.kind]
        return [f"{name} {self.evaluation.estimates[name]}" for name in shown]


def train(
    problem: Problem, tables: Tables, client: MlflowClient, settings: Settings, now: datetime
) -> Trained:
    """Fit, judge, log and register a problem's model; make it champion if it passes the gates.

    Raises:
        CarelakeError: tables are missing, or there are too few rows.
    """
    rows = problem.load(tables)
    split = problem.split(rows, tables)
    used = parts(problem, rows, split)
    sample, test = sample_of(used.test), used.test
    baselines = judged_baselines(problem, sample, rows, split, test)
    fitted = fit(problem, used.train, used.calibrate)
    judgements = [judged(problem, one.model, sample, test) for one in fitted]
    about = _tags(problem, tables, settings, now)
    records = [
        _record(problem, one, evaluation, baselines, used, about)
        for one, evaluation in zip(fitted, judgements, strict=True)
    ]
    where = experiment(client, settings, problem.model_name)
    runs = [log(where, one) for one in records]
    decision = decide(judgements[0], baselines, _incumbent(problem, client, sample, test))
    run_id, model_uri = runs[0]
    tags = {
        "features": ",".join(problem.features.names),
        "data_through": f"{tables.data_through():%Y-%m-%d}",
        "base_rate": str(float(np.nanmean(used.train.outcome))),
    }
    registered = register(client, problem.model_name, model_uri, run_id, tags, problem.question)
    promote(client, problem.model_name, registered, decision)
    card = Card(
        problem, fitted[0].name, now, registered, decision, tables.versions, split,
        float(test.outcome.mean()), records[0].params, judgements[0], baselines,
        records[0].tables["importance"], records[0].tables.get("segments"),
    ).text()  # fmt: skip
    attach(client, run_id, {"model_card.md": card})
    score = predict(problem, fitted[0].model, test.features)
    client.log_dict(run_id, profiles(used.train.features, score), PROFILES)
    return Trained(
        problem.name, problem.model_name, registered, fitted[0].name, decision, judgements[0], card
    )


def _incumbent(problem: Problem, client: MlflowClient, sample: Sample, test: Rows) -> Evaluation | None:
    """Judge the champion on the same rows; one that reads columns that are no more can't be compared."""
    found = champion(client, problem.model_name)
    if found is None or found.tags.get("features") != ",".join(problem.features.names):
        return None
    return judged(problem, found.load(), sample, test)


def _record(
    problem: Problem,
    fitted: Fitted,
    evaluation: Evaluation,
    baselines: dict[str, Evaluation],
    used: Parts,
    tags: dict[str, str],
) -> Record:
    test = used.test
    shares = contributions_of(fitted.model, test.features.head(EXPLAINED), problem.features)
    return Record(
        name=fitted.name,
        params=_params(problem, fitted) | used.params,
        tags=tags,
        fitness=fitted.fitness,
        evaluation=evaluation,
        baselines=baselines,
        tables={"importance": importance(shares)} | _segments(fitted, test),
        model=fitted.model,
        method="predict_proba" if problem.kind == "binary" else "predict",
        example=test.features,
    )


def _segments(fitted: Fitted, test: Rows) -> dict[str, pd.DataFrame]:
    if not hasattr(fitted.model, "segments"):
        return {}
    return {"segments": fitted.model.segments.profile(test.features)}


def _params(problem: Problem, fitted: Fitted) -> dict[str, object]:
    given = fitted.base.named_steps["model"].get_params()
    plain = {name: value for name, value in given.items() if isinstance(value, str | int | float | bool)}
    return {"candidate": fitted.name, "features": len(problem.features.names), **plain}


def _tags(problem: Problem, tables: Tables, settings: Settings, now: datetime) -> dict[str, str]:
    data = {f"delta.{table}": str(number) for table, number in tables.versions.items()}
    told = {"problem": problem.name, "lake": str(settings.lake), "carelake": version("carelake")}
    return told | {"trained_at": f"{now:%Y-%m-%dT%H:%M:%SZ}"} | data
