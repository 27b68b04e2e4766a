import numpy as np
import pytest

from datagenerator.arguments import Arguments
from datagenerator.calibration.extract import Extract
from datagenerator.calibration.plot import draw
from datagenerator.calibration.report import Marginal, bands, functions, markdown, measured, summary
from datagenerator.calibration.signal import area_under_curve, explained
from datagenerator.extract.install import generate_into

LEAST_MARGINALS = 20


def marginal(*values, cited=(4.6, 4.7), patients=40_000):
    told = {"meaning": "mean length of stay", "source": "HCUP", "why_not": "young", "unit": "days"}
    band = {"low": 4.0, "high": 5.0, "cited_low": cited[0], "cited_high": cited[1], "least_patients": 1_000}
    return Marginal("Care", "los_mean", **told, **band, values=values, patients=patients)


def test_every_marginal_has_a_band_with_a_source():
    known = bands()
    assert set(functions()) == set(known.index)
    assert len(known) >= LEAST_MARGINALS
    assert (known["low"] < known["high"]).all()
    assert (known["source"] != "").all()
    cited = known.dropna(subset=["cited_low", "cited_high"])
    assert (cited["cited_low"] < cited["cited_high"]).all()
    assert not known["cited_low"].isna().ne(known["cited_high"].isna()).any()


def test_all_generations_must_lie_in_the_band():
    assert marginal(4.0, 5.0).is_inside
    assert not marginal(4.5, 5.01).is_inside
    row = "| **off** | mean length of stay | 4.500 | 5.010 | 4 to 5 | 4.6 to 4.7 (0 of 2) | days | HCUP |"
    assert row in markdown([marginal(4.5, 5.01)], ["a", "b"])
    assert summary([marginal(4.5), marginal(6.0)]) == [
        "calibration: 1 of 2 figures inside their bands",
        "  off: mean length of stay: 6.000 (band 4 to 5 days)",
    ]


def test_the_cited_range_is_told_apart_from_the_band():
    assert marginal(4.6, 4.7).cited == "4.6 to 4.7"
    assert marginal(4.5, 4.65).cited == "4.6 to 4.7 (1 of 2)"
    assert marginal(4.5, cited=(np.nan, np.nan)).cited == ""


def test_few_patients_are_not_judged_outside_a_band():
    assert marginal(6.0, patients=999).verdict == "too few"
    assert marginal(6.0, patients=1_000).verdict == "off"
    assert marginal(4.5, patients=999).verdict == "ok"


def test_signal_by_hand():
    assert area_under_curve(np.array([True, True, False, False]), np.array([0.9, 0.4, 0.4, 0.1])) == 0.875
    assert explained(np.array([1.0, 2.0, 3.0]), np.array([1.0, 2.0, 4.0])) == 0.5


@pytest.fixture(scope="module")
def extract(tmp_path_factory):
    output = tmp_path_factory.mktemp("calibration") / "landing_zone"
    asked = Arguments(
        patients=1_500, encounters=7_500, claims=15_000, providers=60, facilities=12, output=output, workers=1
    )
    generate_into(asked, 0, 0)
    return Extract(asked)


def test_a_small_generation_can_be_measured_and_drawn(extract, tmp_path):
    found = measured([extract])
    by_name = {one.name: one.values[0] for one in found}
    assert all(np.isfinite(value) for value in by_name.values())
    # Where chance plays no part, even a small generation lies in its band.
    assert {one.name for one in found if one.is_inside} >= {"fraud_less_asked", "encounters_inpatient"}
    draw(found, extract.arguments, tmp_path / "one.svg")
    draw(found, extract.arguments, tmp_path / "two.svg")
    picture = (tmp_path / "one.svg").read_bytes()
    assert b"died in hospital" in picture
    assert picture == (tmp_path / "two.svg").read_bytes(), "the same figures give the same bytes"
