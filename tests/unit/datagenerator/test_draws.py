import numpy as np
import pandas as pd

from datagenerator.draws import hashes, normal

BASE = hashes(pd.Series([f"S{n}" for n in range(20_000)]))


def test_normal_numbers_are_standard_and_belong_to_their_id():
    drawn = normal(BASE, 42, "mood")
    assert abs(drawn.mean()) < 0.03
    assert abs(drawn.std() - 1) < 0.03
    assert (normal(BASE[7:9], 42, "mood") == drawn[7:9]).all()
    assert abs(np.corrcoef(drawn, normal(BASE, 42, "noise"))[0, 1]) < 0.03
