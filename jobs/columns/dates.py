"""Spans of time between days."""

from pyspark.sql import Column
from pyspark.sql import functions as F


def completed_years(birth_date: Column, day: Column) -> Column:
    """Return a person's age on a day, in completed years; 29 February counts from 1 March in other years."""
    birthday_ahead = _month_and_day(day) < _month_and_day(birth_date)
    return F.year(day) - F.year(birth_date) - birthday_ahead.cast("int")


def length_of_stay(admitted_at: Column, discharged_at: Column) -> Column:
    """Return the midnights between admission and discharge in days; a same-day stay counts 1."""
    midnights = F.date_diff(F.to_date(discharged_at), F.to_date(admitted_at))
    return F.when(midnights == 0, F.lit(1)).otherwise(midnights)


def hours_between(start: Column, end: Column) -> Column:
    """Return the time from start to end in hours."""
    return (F.unix_timestamp(end) - F.unix_timestamp(start)) / F.lit(3600.0)


def minutes_between(start: Column, end: Column) -> Column:
    """Return the time from start to end in minutes."""
    return (F.unix_timestamp(end) - F.unix_timestamp(start)) / F.lit(60.0)


def first_of_month(day: Column) -> Column:
    """Return the first day of a day's month."""
    return F.trunc(day, "month")


def months_from(first: Column, last: Column) -> Column:
    """Return the number of calendar months from the one of `first` through the one of `last`."""
    return (F.year(last) - F.year(first)) * 12 + F.month(last) - F.month(first) + 1


def share_of_months(first: Column, last: Column) -> Column:
    """Return the months from `first` through `last`, each weighted by the share of its days in between."""
    before = (F.dayofmonth(first) - 1) / F.dayofmonth(F.last_day(first))
    after = F.lit(1.0) - F.dayofmonth(last) / F.dayofmonth(F.last_day(last))
    return months_from(first, last) - before - after


def in_force(day: Column, valid_from: Column, valid_to: Column) -> Column:
    """Whether a version holds on a day: `valid_from` inclusive, `valid_to` exclusive, null while current."""
    return (valid_from <= day) & (valid_to.isNull() | (day < valid_to))


def _month_and_day(day: Column) -> Column:
    return F.month(day) * 100 + F.dayofmonth(day)
