"""What becomes of a trial: candidates tracked, the fittest registered, champion if it passes the gates."""

from dataclasses import dataclass
from datetime import datetime
from importlib.metadata import version

from mlflow import MlflowClient

from carelake.settings import Settings
from ml.evaluation.evaluation import Evaluation
from ml.gates import Decision, decide
from ml.monitoring.profile import PROFILES, profiles
from ml.tracking.card import Card
from ml.tracking.champions import champion, promote, register
from ml.tracking.runs import Record, attach, log
from ml.tracking.store import experiment
from ml.training.fitting import predict
from ml.training.trial import Candidate, Trial

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


def track(trial: Trial, client: MlflowClient, settings: Settings, now: datetime) -> Trained:
    """Log all candidates of a trial and register the fittest; make it champion if it passes the gates."""
    problem, fittest = trial.problem, trial.fittest
    about = _tags(trial, settings, now)
    where = experiment(client, settings, problem.model_name)
    runs = [log(where, _record(trial, one, about)) for one in trial.candidates]
    decision = decide(fittest.evaluation, trial.baselines, _incumbent(trial, client))
    run_id, model_uri = runs[0]
    registered = register(client, problem.model_name, model_uri, run_id, _read(trial), problem.question)
    promote(client, problem.model_name, registered, decision)
    card = _card(trial, registered, decision, now).text()
    attach(client, run_id, {"model_card.md": card})
    score = predict(problem, fittest.fitted.model, trial.used.test.features)
    client.log_dict(run_id, profiles(trial.used.train.features, score), PROFILES)
    name = fittest.fitted.name
    return Trained(problem.name, problem.model_name, registered, name, decision, fittest.evaluation, card)


def _incumbent(trial: Trial, client: MlflowClient) -> Evaluation | None:
    """Judge the champion on the same rows; one that reads columns that are no more can't be compared."""
    found = champion(client, trial.problem.model_name)
    if found is None or found.tags.get("features") != ",".join(trial.problem.features.names):
        return None
    return trial.judged(found.load())


def _record(trial: Trial, candidate: Candidate, tags: dict[str, str]) -> Record:
    return Record(
        name=candidate.fitted.name,
        params=candidate.params,
        tags=tags,
        fitness=candidate.fitted.fitness,
        evaluation=candidate.evaluation,
        baselines=trial.baselines,
        tables=candidate.tables,
        model=candidate.fitted.model,
        method="predict_proba" if trial.problem.kind == "binary" else "predict",
        example=trial.used.test.features,
    )


def _card(trial: Trial, registered: str, decision: Decision, now: datetime) -> Card:
    fittest = trial.fittest
    return Card(
        problem=trial.problem,
        candidate=fittest.fitted.name,
        now=now,
        version=registered,
        decision=decision,
        data=trial.tables.versions,
        split=trial.split,
        outcome_rate=float(trial.used.test.outcome.mean()),
        params=fittest.params,
        evaluation=fittest.evaluation,
        baselines=trial.baselines,
        importance=fittest.tables["importance"],
        segments=fittest.tables.get("segments"),
    )


def _read(trial: Trial) -> dict[str, str]:
    """Return what a version tells of the data it was trained on."""
    return {
        "features": ",".join(trial.problem.features.names),
        "data_through": f"{trial.tables.data_through():%Y-%m-%d}",
        "base_rate": str(trial.base_rate),
    }


def _tags(trial: Trial, settings: Settings, now: datetime) -> dict[str, str]:
    data = {f"delta.{table}": str(number) for table, number in trial.tables.versions.items()}
    told = {"problem": trial.problem.name, "lake": str(settings.lake), "carelake": version("carelake")}
    return told | {"trained_at": f"{now:%Y-%m-%dT%H:%M:%SZ}"} | data
