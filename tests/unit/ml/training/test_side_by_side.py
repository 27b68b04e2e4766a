"""Models are tracked beside the next fit; what goes wrong on either side is told, and soon."""

from dataclasses import replace

import pytest
from rich.console import Console

from carelake.cli.train import train_models
from carelake.errors import CarelakeError
from carelake.settings import Settings
from ml.tracking.champions import champion
from ml.tracking.store import connect
from ml.training.trial import tried as fit_and_judge
from tests.unit.ml.small_problem import small_problem
from tests.unit.ml.training.test_train import Tables

NAMES = ["readmission", "length_of_stay", "claim_anomaly"]


@pytest.fixture
def tried(monkeypatch):
    """The names of the problems that were fitted; all are the small one under another name."""
    names = []

    def tried(problem, tables):
        names.append(problem.name)
        return fit_and_judge(problem, tables)

    monkeypatch.setattr("ml.problems.problem_of", lambda name: replace(small_problem(), name=name))
    monkeypatch.setattr("ml.data.Tables", lambda lake: Tables())
    monkeypatch.setattr("ml.training.trial.tried", tried)
    return names


def test_all_models_are_registered_and_returned_in_order(tried, tmp_path):
    settings, console = Settings(carelake_data_dir=tmp_path), Console(record=True, width=200)
    done = train_models(settings, NAMES[:2], console)
    assert [one.problem for one in done] == tried == NAMES[:2]
    said = console.export_text()
    assert said.index("carelake-readmission version 1") < said.index("carelake-length-of-stay version 1")
    client = connect(settings)
    assert [champion(client, one.model_name).version for one in done] == ["1", "1"]


def test_a_server_that_does_not_answer_is_told_of_before_a_fit(tried, nobody):
    with pytest.raises(CarelakeError, match="does not answer"):
        train_models(Settings(mlflow_tracking_uri=nobody), NAMES, Console())
    assert tried == []


def test_a_model_that_can_not_be_tracked_ends_the_training(tried, tmp_path, monkeypatch):
    def refused(*_):
        raise CarelakeError("the store is full")

    monkeypatch.setattr("ml.training.train.track", refused)
    with pytest.raises(CarelakeError, match="the store is full"):
        train_models(Settings(carelake_data_dir=tmp_path), NAMES, Console())
    assert tried == NAMES[:2]
