import numpy as np
import pandas as pd
import pytest

from ml.estimators.columns import Features
from ml.estimators.regressors import LEVELS, WithInterval, boosted, log_linear, quantiles

FEATURES = Features(("severity",), ("unit",))


def drawn(seed, rows=900):
    random = np.random.default_rng(seed)
    taken = pd.DataFrame({"severity": random.normal(0, 1, rows), "unit": random.choice(["a", "b"], rows)})
    days = random.gamma(2.0, np.exp(0.6 * taken["severity"].to_numpy() + 0.5))
    return taken, np.maximum(days, 0.1)


@pytest.fixture(scope="module", params=[log_linear, boosted], ids=["log_linear", "boosted"])
def model(request):
    rows, days = drawn(1)
    fitted = WithInterval(request.param(FEATURES).fit(rows, days), quantiles(FEATURES).fit(rows, days))
    return fitted.calibrate(*drawn(2))


def test_the_interval_holds_on_rows_not_seen(model):
    rows, days = drawn(3, 3000)
    low, _, high = model.predict_quantiles(rows).values()
    assert 0.77 < np.mean((low <= days) & (days <= high)) < 0.83


def test_quantiles_are_in_order_in_every_row(model):
    lines = model.predict_quantiles(drawn(4)[0])
    assert list(lines) == list(LEVELS)
    assert (np.diff(np.array(list(lines.values())), axis=0) >= 0).all()


def test_the_mean_follows_the_outcome(model):
    rows, days = drawn(5, 3000)
    assert np.corrcoef(model.predict(rows), days)[0, 1] > 0.3
    assert model.predict(rows).mean() == pytest.approx(days.mean(), rel=0.1)
