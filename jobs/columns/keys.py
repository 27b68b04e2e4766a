"""Surrogate keys: hashes of business keys, the same in any order, partitioning and run."""

from functools import reduce
from operator import and_

from pyspark.sql import Column
from pyspark.sql import functions as F

KEY_LENGTH = 32
"""Hexadecimal characters of a key: 128 bits, so that a collision is out of reach."""


def surrogate_key(*columns: Column) -> Column:
    """Return the key of a row from its business key's parts: text of 32 hexadecimal characters.

    Each part goes in with its length before it, and a null as a mark of its own, so that no two different
    lists of parts are hashed as the same text.
    """
    return F.substring(F.sha2(F.concat(*(_part(column) for column in columns)), 256), 1, KEY_LENGTH)


def reference_key(*columns: Column) -> Column:
    """Return the key of the row referred to; null when a part is null: nothing is referred to."""
    present = reduce(and_, (column.isNotNull() for column in columns))
    return F.when(present, surrogate_key(*columns))


def date_key(day: Column) -> Column:
    """Return the key of a day in `dim_time`: the number yyyymmdd."""
    return F.year(day) * 10000 + F.month(day) * 100 + F.dayofmonth(day)


def _part(column: Column) -> Column:
    text = column.cast("string")
    return F.coalesce(F.concat(F.length(text).cast("string"), F.lit(":"), text), F.lit("~"))
