"""What the steps share: the stays to be scored, their prediction time, and a patient's rows beside them.

A step takes the stays with `predicted_at`, the moment after which nothing counts, and tables of the lake, and
returns one row per stay. Stays without a row in a step's result had nothing to be counted.
"""

from functools import reduce

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

STAY = ["patient_id", "encounter_id"]
TIMES = ["admitted_at", "predicted_at"]
LOOK_BACK_MONTHS = 12
"""Months of history that a feature sees, so that it means the same early and late in the data."""


def beside(stays: DataFrame, rows: DataFrame, *columns: str) -> DataFrame:
    """Return each stay with each of its patient's rows; `columns` of the stay stay with its key and times."""
    return stays.select(*STAY, *TIMES, *columns).join(rows, on="patient_id", how="inner")


def joined(stays: DataFrame, *parts: DataFrame) -> DataFrame:
    """Return the stays with the columns of all parts."""
    return reduce(lambda one, part: one.join(part, on=STAY, how="left"), parts, stays)


def months_before(at: Column, months: int) -> Column:
    """Return the moment so many calendar months earlier."""
    return at - F.make_interval(months=F.lit(months))


def in_months_before(event: Column, at: Column, months: int = LOOK_BACK_MONTHS) -> Column:
    """Whether an event lies in the months before a moment, that moment excluded."""
    return (event >= months_before(at, months)) & (event < at)
