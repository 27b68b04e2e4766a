import json

import numpy as np
import pandas as pd
import pytest

from ml.monitoring.profile import Profile, psi

NUMBERS = pd.Series(np.arange(1000.0))
TEXTS = pd.Series(["a"] * 60 + ["b"] * 40)


def test_numbers_are_counted_by_deciles_and_missing_ones_apart():
    profile = Profile.of(pd.Series([*range(100), None, None], dtype=float))
    assert len(profile.edges) == 9
    assert profile.shares[-1] == pytest.approx(2 / 102)
    assert profile.shares[0] == pytest.approx(10 / 102, abs=0.01)


def test_rare_and_unknown_texts_share_a_bin():
    profile = Profile.of(pd.Series(["a"] * 600 + ["b"] * 399 + ["c"]))
    assert profile.categories == ("a", "b")
    assert profile.counted(pd.Series(["a", "c", "z", None])).tolist() == [1, 0, 2, 1]


def test_the_index_is_the_sum_over_bins():
    index, _ = psi(Profile.of(TEXTS), pd.Series(["a"] * 30 + ["b"] * 70))
    assert index == pytest.approx((0.3 - 0.6) * np.log(0.3 / 0.6) + (0.7 - 0.4) * np.log(0.7 / 0.4))


def test_the_same_values_have_an_index_of_nothing():
    assert psi(Profile.of(NUMBERS), NUMBERS)[0] == pytest.approx(0)
    assert psi(Profile.of(TEXTS), TEXTS)[0] == pytest.approx(0)


def test_what_chance_alone_makes_is_about_right():
    random = np.random.default_rng(4)
    profile = Profile.of(pd.Series(random.normal(size=2000)))
    found = [psi(profile, pd.Series(random.normal(size=300))) for _ in range(200)]
    assert np.mean([index for index, _ in found]) == pytest.approx(found[0][1], rel=0.15)


def test_a_shift_is_far_beyond_chance():
    index, chance = psi(Profile.of(NUMBERS), NUMBERS + 300)
    assert index > 0.25 > 10 * chance


def test_a_constant_column_has_one_bin_and_no_index():
    profile = Profile.of(pd.Series([1.0] * 50))
    assert psi(profile, pd.Series([1.0] * 20)) == (pytest.approx(0), pytest.approx(0))


@pytest.mark.parametrize("values", [NUMBERS, TEXTS], ids=["numbers", "texts"])
def test_a_profile_is_kept_as_json(values):
    profile = Profile.of(values)
    assert Profile.read(json.loads(json.dumps(profile.told()))) == profile
