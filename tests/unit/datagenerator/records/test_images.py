import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.records.images import told, unfilled


def step(name, *times):
    return pd.DataFrame({"id": ["A", "B"], "step": name, "updated_at": pd.to_datetime(list(times))})


def test_of_the_steps_within_a_period_the_last_is_told():
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


def test_an_image_waits_for_the_delivery_that_may_bring_it():
    steps = [step(name, "2024-12-01", "2024-12-01").assign(_known=[0, 1]) for name in ("open", "closed")]
    found = told(steps, "id", Arguments(), 1)
    assert found[["id", "step", "_known"]].to_numpy().tolist() == [["A", "closed", 0], ["B", "closed", 1]]


def test_what_is_not_filled_yet_keeps_its_type():
    rows = step("closed", "2024-12-01", "2024-12-02").assign(score=pd.array([1, 2], "Int64"))
    found = unfilled(rows, ["score", "updated_at"])
    assert found[["score", "updated_at"]].isna().all(axis=None)
    assert found.dtypes.to_dict() == rows.dtypes.to_dict()
    assert found["step"].tolist() == ["closed", "closed"]
