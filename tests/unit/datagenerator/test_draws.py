import numpy as np
import pandas as pd

from datagenerator.draws import hashes, normal, pick_each

BASE = hashes(pd.Series([f"S{n}" for n in range(20_000)]))


def test_normal_numbers_are_standard_and_belong_to_their_id():
    drawn = normal(BASE, 42, "mood")
    assert abs(drawn.mean()) < 0.03
    assert abs(drawn.std() - 1) < 0.03
    assert (normal(BASE[7:9], 42, "mood") == drawn[7:9]).all()
    assert abs(np.corrcoef(drawn, normal(BASE, 42, "noise"))[0, 1]) < 0.03


def test_each_row_draws_a_column_by_its_own_weights():
    weights = np.array([[1.0, 1.0, 2.0]] * 5 + [[0.0, 3.0, 0.0]])
    share = np.array([0.01, 0.26, 0.49, 0.51, 0.99, 0.5])
    assert pick_each(weights, share).tolist() == [0, 1, 1, 2, 2, 1]
