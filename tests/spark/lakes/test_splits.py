"""However the rows are split into deliveries and in whatever order these arrive, the lake is the same.

Each split is of the tables of some domains with all they are made from: together they are all tables.
"""

import pytest

from tests.lakes import arrive, differences, of_domains, run, split, tables

SPLITS = {
    "backwards": (1, ["quality"], [["2025-03-01", "2025-01-15"], [".", "2025-02-01"]]),
    "one ahead of the rest": (
        2,
        ["money", "operation"],
        [["2025-02-01"], [".", "2025-01-15", "2025-03-01"]],
    ),
    "first and last before the middle": (
        3,
        ["care", "organisation", "people", "time"],
        [[".", "2025-03-01"], ["2025-02-01", "2025-01-15"]],
    ),
}


@pytest.mark.parametrize(("seed", "domains", "groups"), SPLITS.values(), ids=SPLITS)
def test_other_deliveries_of_the_same_rows_end_in_the_same_lake(
    spark, landing, whole, tmp_path, seed, domains, groups
):
    files = split(landing, seed)
    chosen = of_domains(domains)
    for group in groups:
        for folder in group:
            arrive(tmp_path, folder, files[folder])
        last = run(lambda: spark, tmp_path, chosen=chosen)
    assert last.failures == []
    assert set(chosen) <= set(tables(tmp_path))
    assert differences(tmp_path, whole) == {}


def test_the_splits_are_of_all_tables(whole):
    split_tables = {table for _, domains, _ in SPLITS.values() for table in of_domains(domains)}
    layers = ("silver/", "gold/")
    assert {table for table in tables(whole) if table.startswith(layers)} <= split_tables
