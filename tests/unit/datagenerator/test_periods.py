from datetime import date

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.periods import known_in, path, period


@pytest.mark.parametrize(
    ("end", "number", "first", "last", "folder"),
    [
        (date(2024, 12, 31), 0, date(2022, 1, 1), date(2024, 12, 31), "."),
        (date(2024, 12, 31), 1, date(2025, 1, 1), date(2025, 1, 31), "2025-02-01"),
        (date(2024, 12, 31), 12, date(2025, 12, 1), date(2025, 12, 31), "2026-01-01"),
        (date(2024, 11, 15), 1, date(2024, 11, 16), date(2024, 12, 31), "2025-01-01"),
        (date(2024, 11, 15), 2, date(2025, 1, 1), date(2025, 1, 31), "2025-02-01"),
    ],
)
def test_periods_follow_the_calendar(end, number, first, last, folder):
    found = period(Arguments(end=end), number)
    assert (found.first, found.last, found.folder) == (first, last, folder)


def test_files_of_the_initial_extract_lie_in_the_landing_zone_itself():
    assert path(Arguments(), 0, "claims.csv") == "claims.csv"
    assert path(Arguments(), 2, "claims.csv") == "2025-03-01/claims.csv"


def test_a_moment_is_known_in_the_period_that_ends_after_it():
    moments = pd.Series(
        pd.to_datetime(["2024-12-31 23:59:59", "2025-01-01 00:00:00", "2025-03-01 00:00:00", None])
    )
    assert known_in(moments, Arguments(), 2).tolist() == [0, 1, 3, 3]
