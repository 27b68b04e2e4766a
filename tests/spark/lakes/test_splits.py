"""However the rows are split into deliveries and in whatever order these arrive, the lake is the same."""

import pytest

from tests.lakes import arrive, differences, run, split


@pytest.mark.parametrize(
    ("seed", "groups"),
    [
        (1, [["2025-03-01", "2025-01-15"], [".", "2025-02-01"]]),
        (2, [["2025-02-01"], [".", "2025-01-15", "2025-03-01"]]),
        (3, [[".", "2025-03-01"], ["2025-02-01", "2025-01-15"]]),
    ],
    ids=["backwards", "one ahead of the rest", "first and last before the middle"],
)
def test_other_deliveries_of_the_same_rows_end_in_the_same_lake(
    spark, landing, whole, tmp_path, seed, groups
):
    files = split(landing, seed)
    for group in groups:
        for folder in group:
            arrive(tmp_path, folder, files[folder])
        last = run(lambda: spark, tmp_path)
    assert last.failures == []
    assert differences(tmp_path, whole) == {}
