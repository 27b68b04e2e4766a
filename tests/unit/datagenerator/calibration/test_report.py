import numpy as np
import pytest

from datagenerator.arguments import Arguments
from datagenerator.calibration.extract import Extract
from datagenerator.calibration.plot import draw
from datagenerator.calibration.report import Marginal, bands, functions, markdown, measured, summary
from datagenerator.calibration.signal import area_under_curve, explained
from datagenerator.extract.install import generate_into

LEAST_MARGINALS = 20


def marginal(*values):
    return Marginal("Care", "los_mean", "days", 4.0, 5.0, "mean length of stay", "HCUP", values)


def test_every_marginal_has_a_band_with_a_source():
    known = bands()
    assert set(functions()) == set(known.index)
    assert len(known) >= LEAST_MARGINALS
    assert (known["low"] < known["high"]).all()
    assert (known["source"] != "").all()


def test_all_generations_must_lie_in_the_band():
    assert marginal(4.0, 5.0).is_inside
    assert not marginal(4.5, 5.01).is_inside
    assert "| **off** | mean length of stay | 4.500 | 5.010 | 4 to 5 | days | HCUP |" in markdown(
        [marginal(4.5, 5.01)], ["a", "b"]
    )
    assert summary([marginal(4.5), marginal(6.0)]) == [
        "calibration: 1 of 2 figures inside their bands",
        "  off: mean length of stay: 6.000 (band 4 to 5 days)",
    ]


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
