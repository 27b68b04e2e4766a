"""Days of the calendar."""

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.dates import first_of_month
from jobs.columns.keys import date_key

CONTRACT = neighbour(__file__)
SATURDAY = 6
FISCAL_LEAD = 3
"""Months by which the federal fiscal year runs ahead of the calendar year."""


def dim_time(calendar: DataFrame) -> DataFrame:
    """Return one row per day of the calendar, with the parts of the date people group by."""
    return calendar.withColumns(_parts(F.col("date"))).select(*CONTRACT.select())


def _parts(day: Column) -> dict[str, Column]:
    return {"date_key": date_key(day)} | _calendar(day) | _week(day) | _fiscal(day)


def _calendar(day: Column) -> dict[str, Column]:
    return {
        "year": F.year(day),
        "quarter": F.quarter(day),
        "month": F.month(day),
        "month_name": F.date_format(day, "MMMM"),
        "day": F.dayofmonth(day),
        "day_of_year": F.dayofyear(day),
        "month_start": first_of_month(day),
        "month_end": F.last_day(day),
        "quarter_start": F.trunc(day, "quarter"),
        "days_in_month": F.dayofmonth(F.last_day(day)),
    }


def _week(day: Column) -> dict[str, Column]:
    weekday = F.weekday(day) + 1
    thursday = F.date_add(day, F.lit(4) - weekday)
    return {
        "weekday": weekday,
        "weekday_name": F.date_format(day, "EEEE"),
        "is_weekend": weekday >= SATURDAY,
        # A week belongs to the year that its Thursday falls in (ISO 8601).
        "iso_year": F.year(thursday),
        "iso_week": F.weekofyear(day),
    }


def _fiscal(day: Column) -> dict[str, Column]:
    ahead = F.add_months(day, FISCAL_LEAD)
    return {"fiscal_year": F.year(ahead), "fiscal_quarter": F.quarter(ahead)}
