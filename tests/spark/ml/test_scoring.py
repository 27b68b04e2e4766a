"""Scoring with a champion of a real MLflow store, into a real lake, by the lake's own builder."""

import numpy as np
import pandas as pd
import pytest

from carelake.builder import Builder
from carelake.delta import Lake
from carelake.errors import CarelakeError
from carelake.inputs import has_newer_inputs
from carelake.settings import Settings
from carelake.states import Note
from carelake.tables import everything
from ml.tracking.champions import CHAMPION
from tests.champion import READMISSION, STAYS, crown, fitted, stay
from tests.tables import contract, table

FEATURES, SCORES = "gold/features_readmission", "gold/score_readmission"


@pytest.fixture(scope="module")
def settings(tmp_path_factory):
    return Settings(carelake_data_dir=tmp_path_factory.mktemp("scoring"))


@pytest.fixture(scope="module")
def champions(settings):
    return crown(settings)


@pytest.fixture(scope="module")
def lake(spark, settings):
    lake = Lake(settings.lake, lambda: spark)
    note = Note("features", everything().contracts[FEATURES].fingerprint)
    lake.overwrite(FEATURES, table(spark, FEATURES, STAYS), note)
    return lake


def build(lake, champions):
    registry = everything()
    return Builder(lake, registry, champions, "run").build(registry.contracts[SCORES])[0]


def scores(lake):
    return {row.encounter_id: row for row in lake.read(SCORES).collect()}


def test_scores_that_are_not_there_have_newer_inputs(lake):
    assert has_newer_inputs(everything().contracts[SCORES], lake)


def test_every_row_is_scored_whatever_is_unknown_and_told_why(lake, champions):
    odd = stay(99, unit="ward nobody knows", admissions_12m=None)
    frame = table(lake.session, FEATURES, [odd])
    lake.append(FEATURES, frame, Note("features", everything().contracts[FEATURES].fingerprint))
    assert build(lake, champions).status == "built"
    found = scores(lake)
    assert set(found) == {one["encounter_id"] for one in [*STAYS, odd]}
    assert all(value is not None for row in found.values() for value in row)
    assert found["E3"].probability > 0.8
    assert found["E0"].probability < 0.2
    assert (found["E3"].risk_band, found["E0"].risk_band) == ("raised", "low")
    assert found["E3"].reasons[0].startswith("admissions_12m 3 (+")
    assert (found["E3"].model_name, found["E3"].model_version) == ("carelake-readmission", "1")
    assert found["E3"].tables_read == f"{FEATURES}@1"


def test_scores_are_those_of_the_model_on_the_driver(lake, champions):
    model, _ = fitted()
    names = contract(FEATURES).names
    rows = pd.DataFrame([dict.fromkeys(names) | one for one in STAYS])
    expected = model.predict_proba(READMISSION.features.frame(rows))[:, 1]
    found = scores(lake)
    assert np.allclose([found[one["encounter_id"]].probability for one in STAYS], expected)


def test_a_second_time_there_is_nothing_to_score(lake, champions):
    assert build(lake, champions).status == "current"
    assert not has_newer_inputs(everything().contracts[SCORES], lake)


def test_only_patients_whose_features_changed_are_scored_again(lake, champions):
    state = lake.state(FEATURES)
    old = lake.read(FEATURES).where("patient_id = 'P0'")
    new = table(lake.session, FEATURES, [stay(0, admissions_12m=3)])
    lake.apply(FEATURES, old, new, ["encounter_id"], Note("features", state.note.contract))
    assert has_newer_inputs(everything().contracts[SCORES], lake)
    before = scores(lake)
    built = build(lake, champions)
    assert (built.status, built.written.changed) == ("updated", 1)
    after = scores(lake)
    assert {key for key in after if after[key] != before[key]} == {"E0"}
    assert after["E0"].probability == pytest.approx(before["E3"].probability)


def test_a_new_champion_scores_all_anew(lake, champions):
    champions.client.set_registered_model_alias("carelake-readmission", CHAMPION, "2")
    build(lake, champions)
    assert {row.model_version for row in scores(lake).values()} == {"2"}


def test_without_a_champion_the_command_to_run_is_named(champions):
    with pytest.raises(
        CarelakeError, match="carelake-high-cost has no champion yet: run `carelake train high_cost`"
    ):
        champions.version("champion_high_cost")
