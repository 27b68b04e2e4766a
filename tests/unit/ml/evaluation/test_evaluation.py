"""One evaluation for each kind of problem: flat figures, tables, differences and pictures."""

import numpy as np
import pandas as pd
import pytest
from matplotlib import pyplot as plt
from sklearn.metrics import average_precision_score, roc_auc_score

from carelake.errors import CarelakeError
from ml.evaluation.estimates import Sample
from ml.evaluation.evaluation import of_anomalies, of_numbers, of_probabilities, of_scores
from ml.evaluation.plots import save_plots


@pytest.fixture
def binary(draw_sample):
    return draw_sample(groups=pd.DataFrame({"sex": ["F", "M"] * 300}))


@pytest.fixture
def numbers():
    random = np.random.default_rng(1)
    predicted = random.gamma(2, 2, size=200)
    actual = predicted + random.normal(size=200)
    return Sample(actual, np.repeat(np.arange(100), 2).astype(str), draws=50), predicted


@pytest.fixture
def audited():
    outcome = np.array([1.0, 1, 1, 0] + [0] * 96)
    score = np.linspace(1, 0, 100)
    # The fourth row was suspected, and found in order.
    schemes = ["upcoding", "phantom", "upcoding", "upcoding"] + [None, np.nan, pd.NA, ""] * 24
    return Sample(outcome, np.arange(100).astype(str), draws=50), score, schemes


def test_probabilities_have_all_that_the_definitions_ask_for(binary):
    sample, probability = binary
    found = of_probabilities(sample, probability).metrics()
    named = [
        *("auroc", "auprc", "auprc_lift", "brier", "ece"),
        *("calibration_slope", "calibration_intercept", "observed_to_expected"),
        *(f"{name}_top_{top}" for name in ("ppv", "recall") for top in (1, 2, 5, 10)),
    ]
    assert set(found) == {
        "rows",
        "patients",
        *(name + end for name in named for end in ("", "_low", "_high")),
    }
    assert found["rows"] == 600
    assert found["patients"] == len(set(sample.patients))
    assert found["auroc"] == pytest.approx(roc_auc_score(sample.outcome, probability))
    assert all(found[f"{name}_low"] <= found[f"{name}_high"] for name in named)


def test_tables_of_the_model_card(binary):
    tables = of_probabilities(*binary).tables()
    assert set(tables) == {
        *("measures", "subgroups", "gaps"),
        *("roc", "precision_recall", "calibration", "probabilities", "decision"),
    }
    assert tables["measures"].loc[0, "measure"] == "auroc"
    assert tables["subgroups"]["group"].tolist() == ["F", "M"]


def test_a_score_that_only_sorts_has_no_calibration_and_no_empty_tables(binary):
    sample, probability = binary
    found = of_scores(sample, np.round(10 * probability))
    assert "auroc_low" in found.metrics()
    assert "calibration_slope" not in found.metrics()
    assert set(found.tables()) == {"measures", "roc", "precision_recall"}


def test_figures_that_are_not_known_are_left_out(binary):
    sample, _ = binary
    found = of_probabilities(sample, np.full(600, 0.3)).metrics()
    assert "calibration_intercept_low" in found
    assert not {"calibration_slope", "calibration_slope_low"} & set(found)
    assert np.isfinite(list(found.values())).all()


def test_numbers_have_errors_and_intervals(numbers):
    sample, predicted = numbers
    found = of_numbers(sample, predicted, {0.1: predicted - 1.28, 0.9: predicted + 1.28}).metrics()
    named = ("mae", "rmse", "r2", "bias", "pinball_10", "pinball_90", "coverage", "width")
    assert set(found) == {
        "rows",
        "patients",
        *(name + end for name in named for end in ("", "_low", "_high")),
    }
    assert found["coverage"] == np.mean(np.abs(sample.outcome - predicted) <= 1.28)
    assert set(of_numbers(sample, predicted).tables()) == {"measures", "agreement"}


def test_anomalies_have_lift_and_recall_by_scheme(audited):
    sample, score, schemes = audited
    found = of_anomalies(sample, score, schemes).metrics()
    assert found["auprc"] == pytest.approx(average_precision_score(sample.outcome, score))
    assert found["auprc_lift"] == pytest.approx(found["auprc"] / 0.03)
    recalls = {
        name: found[name] for name in found if name.startswith("recall") and name[-4:] not in ("_low", "high")
    }
    assert recalls == pytest.approx(
        {
            "recall_top_1": 1 / 3,
            "recall_top_2": 2 / 3,
            "recall_top_1_upcoding": 0.5,
            "recall_top_2_upcoding": 0.5,
            "recall_top_1_phantom": 0,
            "recall_top_2_phantom": 1,
        }
    )


def test_differences_are_those_of_the_draws_and_name_what_both_have(binary):
    sample, probability = binary
    model, baseline = of_probabilities(sample, probability), of_scores(sample, np.round(3 * probability))
    difference = model.minus(baseline)
    assert set(difference) == set(baseline.estimates)
    assert difference["auroc"].value == pytest.approx(
        roc_auc_score(sample.outcome, probability) - roc_auc_score(sample.outcome, np.round(3 * probability))
    )
    expected = model.estimates["auroc"].draws - baseline.estimates["auroc"].draws
    assert difference["auroc"].draws.tolist() == expected.tolist()
    assert model.gain_over(baseline).draws.tolist() == expected.tolist()


def test_a_gain_in_error_is_a_smaller_error(numbers):
    sample, predicted = numbers
    good, bad = of_numbers(sample, predicted), of_numbers(sample, np.full(200, predicted.mean()))
    assert good.minus(bad)["mae"].is_below(0)
    assert good.gain_over(bad).is_above(0)


def test_scores_of_other_rows_are_not_compared(draw_sample):
    one, other = (of_scores(*draw_sample(seed=seed)) for seed in (1, 2))
    with pytest.raises(CarelakeError, match="evaluate both on one sample"):
        one.minus(other)


def test_what_is_no_probability_is_refused(binary):
    sample, probability = binary
    with pytest.raises(CarelakeError, match="between 0 and 1; evaluate other scores with of_scores"):
        of_probabilities(sample, 19 * probability)


@pytest.mark.parametrize("outcome", [[0.0, 0.0], [0.0, 2.0], [1.0, 1.0]])
def test_outcomes_must_be_yes_and_no(outcome):
    sample = Sample(np.array(outcome), np.array(["a", "b"]))
    for evaluate in (of_probabilities, of_scores, of_anomalies):
        with pytest.raises(CarelakeError, match="must be 0 or 1, and both must occur"):
            evaluate(sample, np.array([0.1, 0.2]))


def test_pictures_are_written_and_none_stays_open(tmp_path, binary, numbers, audited):
    sample, score, schemes = audited
    evaluations = {
        "probabilities": (of_probabilities(*binary), ["discrimination", "calibration", "decision"]),
        "scores": (of_scores(*binary), ["discrimination"]),
        "numbers": (of_numbers(*numbers), ["agreement"]),
        "anomalies": (of_anomalies(sample, score, schemes), ["precision_at"]),
    }
    for kind, (evaluation, names) in evaluations.items():
        files = save_plots(evaluation, tmp_path / kind)
        assert files == [tmp_path / kind / f"{name}.png" for name in names]
        for file in files:
            assert file.read_bytes().startswith(b"\x89PNG")
            # One shade alone would be an empty picture.
            assert len(np.unique(plt.imread(file)[..., 0])) > 10
    assert plt.get_fignums() == []
