import numpy as np
import pandas as pd
import pytest

from datagenerator.draws import hashes, normal
from datagenerator.records.scales import answer, lower_share

BASE = hashes(pd.Series([f"S{n}" for n in range(20_000)]))


@pytest.mark.parametrize(("value", "share"), [(0.0, 0.5), (1.0, 0.8413), (-1.96, 0.025), (2.5758, 0.995)])
def test_the_distribution_function_is_the_normal_one(value, share):
    assert lower_share(np.array([value]))[0] == pytest.approx(share, abs=0.0003)


def test_answers_have_the_shares_asked_for():
    found = np.bincount(answer(normal(BASE, 1, "q"), [0.1, 0.2, 0.7])) / len(BASE)
    assert found == pytest.approx([0.1, 0.2, 0.7], abs=0.015)
    assert (answer(np.array([-9.0, 9.0]), [0.1, 0.2, 0.7]) == [0, 2]).all()
