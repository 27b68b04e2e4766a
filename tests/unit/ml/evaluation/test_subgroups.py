"""Each group has its own figures, unless it is too small for any."""

import numpy as np
import pandas as pd
import pytest
from fairlearn.metrics import MetricFrame
from sklearn.metrics import roc_auc_score

from ml.evaluation.estimates import Estimate, Sample
from ml.evaluation.subgroups import Group, age_band, gaps, gaps_table, groups_table, subgroups


def group(name: str, auroc: float, ratio: float = 1.0, attribute: str = "sex") -> Group:
    spread = np.linspace(-0.01, 0.01, 41)
    estimates = {
        "auroc": Estimate(auroc, auroc + spread),
        "observed_to_expected": Estimate(ratio, ratio - spread),
    }
    return Group(attribute, name, 500, 100, estimates)


@pytest.fixture
def judged(draw_sample):
    races = np.array(["white"] * 300 + ["black"] * 200 + ["asian"] * 100)
    groups = pd.DataFrame({"race": races, "sex": ["F", "M"] * 300})
    sample, probability = draw_sample(groups=groups)
    return sample, probability, subgroups(sample, probability)


def test_figures_are_those_of_the_groups_rows(judged):
    sample, probability, found = judged
    assert [(one.attribute, one.name, one.rows) for one in found] == [
        ("race", "asian", 100),
        ("race", "black", 200),
        ("race", "white", 300),
        ("sex", "F", 300),
        ("sex", "M", 300),
    ]
    for one in found:
        rows = (sample.groups[one.attribute] == one.name).to_numpy()
        outcome, expected = sample.outcome[rows], probability[rows]
        assert one.events == outcome.sum()
        assert one.estimates["auroc"].value == pytest.approx(roc_auc_score(outcome, expected))
        assert one.estimates["observed_to_expected"].value == pytest.approx(outcome.sum() / expected.sum())
        assert one.estimates["auroc"].low < one.estimates["auroc"].value < one.estimates["auroc"].high


def test_the_largest_gap_is_that_of_fairlearn(judged):
    sample, probability, found = judged
    distances = {(gap.attribute, gap.measure): gap.distance.value for gap in gaps(found)}
    for attribute in ("race", "sex"):
        frame = MetricFrame(
            metrics=roc_auc_score,
            y_true=sample.outcome,
            y_pred=probability,
            sensitive_features=sample.groups[attribute],
        )
        assert distances[attribute, "auroc"] == pytest.approx(frame.difference())


def test_a_gap_lies_between_the_highest_and_the_lowest_draw_by_draw():
    found = gaps([group("F", 0.70), group("M", 0.60, 1.2), group("X", 0.65)])
    assert [(gap.measure, gap.highest, gap.lowest) for gap in found] == [
        ("auroc", "F", "M"),
        ("observed_to_expected", "M", "F"),
    ]
    # All groups move together from draw to draw here, so their distance does not move at all.
    assert found[0].distance.interval == pytest.approx((0.1, 0.1))


def test_one_group_with_figures_has_no_gap():
    assert gaps([group("F", 0.7), Group("sex", "M", 9, 3), group("a", 0.6, attribute="race")]) == []


@pytest.mark.parametrize(
    ("rows", "events", "is_too_small"),
    [(10, 5, True), (40, 20, False), (39, 20, True), (500, 19, True), (500, 20, False), (500, 481, True)],
)
def test_a_group_needs_twenty_events_and_twenty_rows_without(rows, events, is_too_small):
    assert Group("sex", "X", rows, events).is_too_small is is_too_small


def test_small_groups_have_a_note_instead_of_numbers_and_unknown_is_a_group(draw_sample):
    names = ["F"] * 300 + ["M"] * 280 + ["X"] * 9 + [None] * 11
    sample, probability = draw_sample(groups=pd.DataFrame({"sex": names}))
    table = groups_table(subgroups(sample, probability)).set_index("group")
    assert table["note"].to_dict() == {"F": "", "M": "", "X": "too small", "unknown": "too small"}
    figures = [name for name in table if name.startswith(("auroc", "observed"))]
    assert len(figures) == 6
    assert table.loc[["X", "unknown"], figures].isna().all(axis=None)
    assert table.loc[["F", "M"], figures].notna().all(axis=None)
    assert table["rows"].isna().to_dict() == {"F": False, "M": False, "X": True, "unknown": False}


def test_groups_need_not_be_text():
    groups = pd.DataFrame(
        {"flag": pd.Series([True, False, None], dtype="object"), "band": pd.cut([1, 5, 9], [0, 6])}
    )
    sample = Sample(np.array([0.0, 1.0, 1.0]), np.array(["a", "b", "c"]), groups)
    found = [(one.attribute, one.name, one.rows) for one in subgroups(sample, np.array([0.2, 0.3, 0.4]))]
    assert found == [
        ("flag", "False", 1),
        ("flag", "True", 1),
        ("flag", "unknown", 1),
        ("band", "(0, 6]", 2),
        ("band", "unknown", 1),
    ]


def test_no_attribute_no_groups():
    sample = Sample(np.array([0.0, 1.0]), np.array(["a", "b"]))
    assert subgroups(sample, np.array([0.2, 0.3])) == []
    assert groups_table([]).empty
    assert gaps_table([]).empty


def test_gaps_are_told_with_their_intervals():
    table = gaps_table(gaps([group("F", 0.70), group("M", 0.60, 1.2)]))
    assert table.loc[0, ["attribute", "measure", "highest", "lowest"]].tolist() == ["sex", "auroc", "F", "M"]
    assert table.loc[0, ["gap", "low", "high"]].tolist() == pytest.approx([0.1, 0.1, 0.1])


def test_age_bands_begin_on_the_birthday():
    ages = pd.Series([0, 17, 18, 44, 45, 64, 65, 74, 75, 84, 85, 110, None])
    bands = age_band(ages).fillna("none").tolist()
    assert bands == [
        *["0-17"] * 2,
        *["18-44"] * 2,
        *["45-64"] * 2,
        *["65-74"] * 2,
        *["75-84"] * 2,
        *["85+"] * 2,
        "none",
    ]
