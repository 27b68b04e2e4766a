"""Training against a real MLflow store: what is logged, registered and promoted."""

from datetime import UTC, datetime

import mlflow
import numpy as np
import pytest

from carelake.errors import CarelakeError
from carelake.settings import Settings
from ml.tracking.champions import champion, required
from ml.tracking.store import connect
from tests.unit.ml.small_problem import LAST, small_problem, stays, train

NOW = datetime(2025, 1, 5, 12, tzinfo=UTC)


class Tables:
    """Stands for the lake's tables, which the small problem does not read."""

    versions = {"gold/features_small": 7}  # noqa: RUF012 - as the real one's attribute

    def data_through(self):
        return LAST


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(carelake_data_dir=tmp_path_factory.mktemp("models"))


@pytest.fixture(scope="module")
def client(settings):
    return connect(settings)


@pytest.fixture(scope="module")
def trained(client, settings):
    problem = small_problem()
    return [train(problem, Tables(), client, settings, NOW) for _ in range(2)]


def test_the_first_model_becomes_champion_and_an_equal_one_takes_its_place(client, trained):
    first, second = trained
    assert (first.decision.verdict, second.decision.verdict) == ("promote", "promote")
    assert champion(client, "carelake-readmission").version == second.version == "2"
    assert champion(client, "carelake-readmission").tags["provisional"] == "false"


def test_a_run_says_what_went_in_and_what_came_out(client, trained):
    run = client.get_run(champion(client, "carelake-readmission").run_id)
    assert run.data.tags["delta.gold/features_small"] == "7"
    assert run.data.tags["trained_at"] == "2025-01-05T12:00:00Z"
    assert run.data.metrics["auroc_low"] < run.data.metrics["auroc"] < run.data.metrics["auroc_high"]
    assert run.data.metrics["gain_over_noise_low"] > 0
    files = {file.path for file in client.list_artifacts(run.info.run_id)}
    assert files == {"model_card.md", "plots", "profiles.json", "tables"}
    tables = {file.path for file in client.list_artifacts(run.info.run_id, "tables")}
    assert {"tables/importance.csv", "tables/measures.csv", "tables/subgroups.csv"} <= tables


def test_a_run_says_on_which_rows_of_which_lake_it_was_trained(client, settings, trained):
    run = client.get_run(champion(client, "carelake-readmission").run_id)
    assert run.data.tags["lake"] == str(settings.lake)
    told = run.data.params
    days = [told[f"{part}_predicted"].split(" to ") for part in ("train", "calibrate", "test")]
    in_order = [day for span in days for day in span]
    assert in_order == sorted(in_order)
    assert int(told["train_rows"]) > int(told["test_rows"]) > 30
    assert f"predictions of {told['test_predicted']}" in trained[-1].card


def test_why_one_candidate_was_chosen_is_told(client, trained):
    where = client.get_experiment_by_name("carelake-readmission").experiment_id
    by = {
        run.info.run_id: run.data.metrics["fitness_on_calibration_rows"]
        for run in client.search_runs([where])
    }
    assert by[champion(client, "carelake-readmission").run_id] == max(by.values())


def test_the_registry_says_what_a_model_tells_and_why_a_version_is_champion(client, trained):
    model = client.get_registered_model("carelake-readmission")
    assert model.description == small_problem().question
    version = client.get_model_version_by_alias("carelake-readmission", "champion")
    assert version.description.startswith("- promote\n- better beyond chance than noise: gain of ")


def test_each_candidate_has_a_run(client, trained):
    found = client.search_runs([client.get_experiment_by_name("carelake-readmission").experiment_id])
    assert sorted(run.info.run_name for run in found) == ["boosted", "boosted", "logistic", "logistic"]


def test_the_champion_loaded_predicts_as_it_did(client, trained):
    loaded = champion(client, "carelake-readmission").load()
    features = small_problem().features.frame(stays())
    anywhere = mlflow.pyfunc.load_model("models:/carelake-readmission@champion")
    assert np.allclose(loaded.predict_proba(features), anywhere.predict(features))


def test_nothing_is_saved_by_pickle(settings, trained):
    saved = {path.suffix for path in settings.mlflow.rglob("*") if path.is_file()}
    assert ".skops" in saved
    assert not {".pkl", ".pickle", ".joblib"} & saved


def test_the_card_tells_use_data_methods_performance_and_limits(trained):
    card = trained[-1].card
    assert "| baseline | gain over it in auroc | its own auroc |" in card
    headings = [line.removeprefix("## ") for line in card.splitlines() if line.startswith("## ")]
    assert headings == [
        *("Use", "Source of data", "Outcome", "Participants", "Methods", "Performance", "Decision"),
        *("Subgroups", "What drives it", "Limits"),
    ]
    assert "`gold/features_small` at Delta version 7" in card


def test_without_a_champion_the_command_to_run_is_named(client):
    with pytest.raises(
        CarelakeError, match="carelake-high-cost has no champion yet: run `carelake train high_cost`"
    ):
        required(client, "carelake-high-cost")


@pytest.mark.parametrize("kind", ["number", "anomaly"])
def test_numbers_and_anomalies_are_trained_alike(settings, kind, tmp_path):
    own = Settings(carelake_data_dir=tmp_path)
    done = train(small_problem(kind), Tables(), connect(own), own, NOW)
    connect(settings)
    assert done.version == "1"
    assert all(np.isfinite(value) for value in done.evaluation.metrics().values())
