"""Champion or not: each gate alone, on intervals and never on points."""

import numpy as np
import pytest

from carelake.errors import CarelakeError
from ml.evaluation.estimates import Estimate
from ml.evaluation.evaluation import Evaluation
from ml.evaluation.subgroups import Gap
from ml.gates import decide

SHAPE = np.linspace(-1, 1, 201)
"""Draws of an estimate whose interval reaches 0.95 to either side."""


def around(value: float, reach: float) -> Estimate:
    return Estimate(value, value + SHAPE * reach / 0.95)


def binary(auroc: float, reach: float = 0.02, slope: Estimate | None = None, gaps=()) -> Evaluation:
    estimates = {"auroc": around(auroc, reach), "calibration_slope": slope or around(1.0, 0.1)}
    return Evaluation("binary", "rows", 1000, 500, estimates, gaps=tuple(gaps))


# What doesn't vary leaves a difference with the reach of the other one.
LACE = {"LACE": binary(0.60, reach=0)}
GOOD = binary(0.65)


def test_the_first_champion_needs_only_to_beat_its_baseline_beyond_chance():
    decision = decide(GOOD, LACE)
    assert decision.verdict == "promote"
    assert decision.reasons == [
        "better beyond chance than LACE: gain of 0.050 (0.030 to 0.070) in AUROC",
        "calibration slope 1.000 (0.900 to 1.100) reaches into 0.8 to 1.2",
    ]
    assert decision.unmet == []


def test_the_first_champion_may_be_miscalibrated_but_it_is_told():
    gap = Gap("race", "auroc", "white", "black", around(0.3, 0.05))
    decision = decide(binary(0.65, slope=around(0.4, 0.1), gaps=[gap]), LACE)
    assert decision.verdict == "promote"
    assert decision.unmet == [
        "calibration slope 0.400 (0.300 to 0.500) lies outside 0.8 to 1.2",
        "AUROC by race: white is 0.300 (0.250 to 0.350) above black, wider than 0.1 beyond chance",
    ]


@pytest.mark.parametrize(("reach", "verdict"), [(0.049, "promote"), (0.051, "promote_provisional")])
def test_the_same_point_may_or_may_not_be_beyond_chance(reach, verdict):
    assert decide(binary(0.65, reach), LACE).verdict == verdict


def test_a_provisional_champion_has_its_reasons():
    decision = decide(binary(0.61), LACE)
    assert decision.verdict == "promote_provisional"
    assert decision.unmet == ["not better beyond chance than LACE: gain of 0.010 (-0.010 to 0.030) in AUROC"]


def test_every_baseline_is_to_be_beaten():
    baselines = {**LACE, "HOSPITAL": binary(0.64, reach=0)}
    decision = decide(GOOD, baselines)
    assert decision.verdict == "promote_provisional"
    assert decision.unmet == [
        "not better beyond chance than HOSPITAL: gain of 0.010 (-0.010 to 0.030) in AUROC"
    ]


@pytest.mark.parametrize(
    ("auroc", "verdict"),
    [(0.70, "promote"), (0.65, "promote"), (0.641, "promote"), (0.629, "keep_incumbent")],
)
def test_a_challenger_is_not_worse_than_the_incumbent_beyond_chance(auroc, verdict):
    # The incumbent's draws stand still at 0.65, so the gain reaches 0.02 to either side.
    incumbent = binary(0.65, reach=0)
    assert decide(binary(auroc), LACE, incumbent).verdict == verdict


def test_an_incumbent_is_kept_for_a_reason():
    decision = decide(binary(0.615), LACE, binary(0.65, reach=0))
    assert decision.verdict == "keep_incumbent"
    assert decision.unmet == [
        "not better beyond chance than LACE: gain of 0.015 (-0.005 to 0.035) in AUROC",
        "worse than the incumbent beyond chance: gain of -0.035 (-0.055 to -0.015) in AUROC",
    ]


@pytest.mark.parametrize(
    ("slope", "verdict"),
    [
        (around(0.5, 0.31), "promote"),
        (around(0.5, 0.29), "keep_incumbent"),
        (around(1.5, 0.31), "promote"),
        (around(1.5, 0.29), "keep_incumbent"),
        (around(np.nan, 0.1), "keep_incumbent"),
    ],
)
def test_a_challengers_slope_meets_its_range_with_its_interval(slope, verdict):
    assert decide(binary(0.66, slope=slope), LACE, GOOD).verdict == verdict


@pytest.mark.parametrize(
    ("measure", "distance", "verdict"),
    [
        ("auroc", around(0.15, 0.06), "promote"),
        ("auroc", around(0.15, 0.04), "keep_incumbent"),
        ("observed_to_expected", around(0.30, 0.06), "promote"),
        ("observed_to_expected", around(0.30, 0.04), "keep_incumbent"),
    ],
)
def test_a_challengers_subgroups_are_apart_too_far_only_beyond_chance(measure, distance, verdict):
    gap = Gap("sex", measure, "F", "M", distance)
    assert decide(binary(0.66, gaps=[gap]), LACE, GOOD).verdict == verdict


def test_a_challenger_like_the_baseline_replaces_an_incumbent_like_it_provisionally():
    decision = decide(binary(0.61), LACE, binary(0.605))
    assert decision.verdict == "promote_provisional"


def test_a_challenger_like_the_baseline_never_replaces_an_incumbent_that_beats_it():
    challenger, incumbent = binary(0.65, reach=0.06), binary(0.65, reach=0.02)
    decision = decide(challenger, LACE, incumbent)
    assert decision.verdict == "keep_incumbent"
    assert decision.unmet == ["not better beyond chance than LACE: gain of 0.050 (-0.010 to 0.110) in AUROC"]


def test_unmet_gates_are_told_first():
    decision = decide(binary(0.66, slope=around(0.4, 0.1)), LACE, GOOD)
    assert decision.reasons[0] == decision.unmet[0]
    assert len(decision.reasons) == 3


def test_a_score_without_calibration_cannot_replace_a_model():
    score = Evaluation("binary", "rows", 1000, 500, {"auroc": around(0.7, 0.02)})
    decision = decide(score, LACE, GOOD)
    assert decision.verdict == "keep_incumbent"
    assert decision.unmet == ["the calibration slope is not known"]


def number(mae: float, reach: float = 0.1) -> Evaluation:
    return Evaluation("number", "rows", 1000, 500, {"mae": around(mae, reach)})


@pytest.mark.parametrize(
    ("mae", "verdict"),
    [(1.5, "promote"), (1.95, "promote_provisional"), (2.5, "promote_provisional")],
)
def test_numbers_are_better_where_their_error_is_smaller(mae, verdict):
    assert decide(number(mae), {"median": number(2.0, reach=0)}).verdict == verdict


def test_anomalies_are_compared_by_their_precision():
    def anomaly(auprc: float, reach: float) -> Evaluation:
        return Evaluation(
            "anomaly", "rows", 1000, 500, {"auprc": around(auprc, reach), "auroc": around(0.1, 0)}
        )

    decision = decide(anomaly(0.4, 0.1), {"robust z": anomaly(0.2, 0)}, anomaly(0.45, 0))
    assert decision.verdict == "promote"
    assert decision.reasons == [
        "better beyond chance than robust z: gain of 0.200 (0.100 to 0.300) in AUPRC",
        "not worse than the incumbent beyond chance: gain of -0.050 (-0.150 to 0.050) in AUPRC",
    ]


def test_a_candidate_is_not_judged_against_nothing():
    with pytest.raises(CarelakeError, match="give at least one"):
        decide(GOOD, {})
