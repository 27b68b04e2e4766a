import numpy as np
import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.draws import hashes
from datagenerator.records.scales import answer, lower_share, normal, told

BASE = hashes(pd.Series([f"S{n}" for n in range(20_000)]))


def test_normal_numbers_are_standard_and_belong_to_their_id():
    drawn = normal(BASE, 42, "mood")
    assert abs(drawn.mean()) < 0.03
    assert abs(drawn.std() - 1) < 0.03
    assert (normal(BASE[7:9], 42, "mood") == drawn[7:9]).all()
    assert abs(np.corrcoef(drawn, normal(BASE, 42, "noise"))[0, 1]) < 0.03


@pytest.mark.parametrize(("value", "share"), [(0.0, 0.5), (1.0, 0.8413), (-1.96, 0.025), (2.5758, 0.995)])
def test_the_distribution_function_is_the_normal_one(value, share):
    assert lower_share(np.array([value]))[0] == pytest.approx(share, abs=0.0003)


def test_answers_have_the_shares_asked_for():
    found = np.bincount(answer(normal(BASE, 1, "q"), [0.1, 0.2, 0.7])) / len(BASE)
    assert found == pytest.approx([0.1, 0.2, 0.7], abs=0.015)
    assert (answer(np.array([-9.0, 9.0]), [0.1, 0.2, 0.7]) == [0, 2]).all()


def test_of_the_steps_within_a_period_the_last_is_told():
    def step(name, *times):
        return pd.DataFrame({"id": ["A", "B"], "step": name, "updated_at": pd.to_datetime(list(times))})

    steps = [
        step("open", "2024-12-01", "2024-12-30"),
        step("reviewed", "2024-12-05", "2025-01-04"),
        step("closed", "2025-01-20", "2025-03-02"),
    ]
    found = told(steps, "id", Arguments(), 1)
    assert [tuple(row) for row in found[["id", "step", "_known"]].to_numpy()] == [
        ("A", "reviewed", 0),
        ("A", "closed", 1),
        ("B", "open", 0),
        ("B", "reviewed", 1),
    ]
