from datetime import date, datetime
from hashlib import sha256

import pytest
from pyspark.sql import functions as F

from jobs.columns.dates import (
    completed_years,
    hours_between,
    in_force,
    length_of_stay,
    months_from,
    share_of_months,
)
from jobs.columns.keys import date_key, reference_key, surrogate_key


def values(spark, schema, cases, expression):
    """Return what the expression makes of each case; it is given the columns of the schema."""
    table = spark.createDataFrame(cases, schema)
    made = table.select(expression(*(F.col(name) for name in table.columns)).alias("value"))
    return [row.value for row in made.collect()]


def test_a_key_is_the_start_of_the_hash_of_its_parts_with_their_lengths(spark):
    expected = sha256(b"2:P110:2024-03-01").hexdigest()[:32]
    assert values(spark, "a string, b date", [("P1", date(2024, 3, 1))], surrogate_key) == [expected]


def test_no_two_lists_of_parts_share_a_key(spark):
    parts = [("ab", "c"), ("a", "bc"), ("abc", ""), ("", "abc"), ("abc", None), (None, "abc"), (None, None)]
    parts += [("~", None), ("1:a", "b"), ("1", ":ab"), ("~", "~")]
    keys = values(spark, "a string, b string", parts, surrogate_key)
    assert len(set(keys)) == len(parts)


def test_a_reference_to_nothing_has_no_key(spark):
    keys = values(spark, "a string, b string", [("x", None), (None, "y"), ("x", "y")], reference_key)
    assert keys[:2] == [None, None]
    assert keys[2] is not None


def test_a_day_has_a_number(spark):
    assert values(spark, "a date", [(date(2024, 3, 9),), (None,)], date_key) == [20240309, None]


@pytest.mark.parametrize(
    ("born", "day", "years"),
    [
        (date(1960, 6, 15), date(2024, 6, 14), 63),
        (date(1960, 6, 15), date(2024, 6, 15), 64),
        (date(1960, 2, 29), date(2023, 2, 28), 62),
        (date(1960, 2, 29), date(2023, 3, 1), 63),
        (date(2024, 1, 1), date(2024, 1, 1), 0),
        (None, date(2024, 1, 1), None),
    ],
)
def test_age_is_in_completed_years(spark, born, day, years):
    assert values(spark, "a date, b date", [(born, day)], completed_years) == [years]


def test_a_stay_counts_midnights_and_a_same_day_stay_one(spark):
    stays = [
        (datetime(2024, 3, 1, 23, 50), datetime(2024, 3, 2, 0, 10)),
        (datetime(2024, 3, 1, 8), datetime(2024, 3, 1, 20)),
        (datetime(2024, 2, 28, 8), datetime(2024, 3, 1, 7)),
        (datetime(2024, 3, 1, 8), None),
    ]
    schema = "a timestamp, b timestamp"
    assert values(spark, schema, stays, length_of_stay) == [1, 1, 2, None]
    hours = values(spark, schema, stays, hours_between)
    assert hours == [pytest.approx(1 / 3), 12.0, 47.0, None]


def test_months_count_by_the_calendar(spark):
    spans = [
        (date(2024, 1, 31), date(2024, 2, 1)),
        (date(2024, 1, 1), date(2024, 1, 1)),
        (date(2023, 12, 5), date(2025, 1, 4)),
    ]
    assert values(spark, "a date, b date", spans, months_from) == [2, 1, 14]


def test_months_are_weighted_by_the_share_of_their_days(spark):
    spans = [
        (date(2024, 1, 1), date(2024, 1, 31)),
        (date(2024, 2, 15), date(2024, 2, 29)),
        (date(2024, 4, 16), date(2024, 6, 15)),
    ]
    shares = values(spark, "a date, b date", spans, share_of_months)
    assert shares == pytest.approx([1.0, 15 / 29, 2.0])


def test_a_version_holds_from_its_first_day_until_the_next_begins(spark):
    day = date(2024, 3, 1)
    versions = [
        (day, date(2024, 3, 1), None),
        (day, date(2024, 2, 1), date(2024, 3, 1)),
        (day, date(2024, 2, 1), date(2024, 3, 2)),
        (day, date(2024, 3, 2), None),
    ]
    schema = "day date, valid_from date, valid_to date"
    assert values(spark, schema, versions, in_force) == [True, False, True, False]
