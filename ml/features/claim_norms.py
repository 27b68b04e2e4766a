"""What was usual before a claim: norms and sums over the months before the one of its submission.

By whole months, so that a norm is one small table to join, and no claim is part of what it is held against.
"""

from collections.abc import Sequence

from pyspark.sql import Column, DataFrame, Window
from pyspark.sql import functions as F

MONTH = "_month"
"""Column with the first day of the month of submission."""
MONTHS = 12
"""Months before that a norm is taken from."""
QUARTILES_OF_NORMAL = 1.349
"""Distance of the quartiles of a normal distribution in standard deviations."""
FEWEST = 20
"""Claims that a norm needs."""


def norms(rows: DataFrame, keys: Sequence[str], value: str, prefix: str) -> DataFrame:
    """Return `prefix_median` and `prefix_spread` of a value over the 12 months before each month.

    The spread is the standard deviation by the quartiles, so that a few extreme values do not count. Values
    are rounded to two places first: there are few of them then, however many rows.
    """
    binned = (
        rows.where(F.col(value).isNotNull())
        .groupBy(*keys, MONTH, F.round(value, 2).alias("_value"))
        .agg(F.count("*").alias("_count"))
    )
    later = F.explode(F.sequence(F.lit(1), F.lit(MONTHS)))
    spread = binned.withColumn("_later", later).withColumn(MONTH, F.add_months(MONTH, F.col("_later")))
    quartiles = F.expr("percentile(_value, array(0.25, 0.5, 0.75), _count)")
    found = spread.groupBy(*keys, MONTH).agg(quartiles.alias("_quartiles"), F.sum("_count").alias("_count"))
    low, middle, high = (F.col("_quartiles").getItem(place) for place in range(3))
    return found.where(F.col("_count") >= FEWEST).select(
        *keys,
        MONTH,
        middle.alias(f"{prefix}_median"),
        ((high - low) / QUARTILES_OF_NORMAL).alias(f"{prefix}_spread"),
    )


def sums_before(rows: DataFrame, keys: Sequence[str], **sums: Column) -> DataFrame:
    """Return per key and month the sums over all months before; 0 where nothing came before."""
    earlier = Window.partitionBy(*keys).orderBy(MONTH).rowsBetween(Window.unboundedPreceding, -1)
    monthly = rows.groupBy(*keys, MONTH).agg(*(F.sum(value).alias(name) for name, value in sums.items()))
    so_far = {name: F.coalesce(F.sum(name).over(earlier), F.lit(0)) for name in sums}
    return monthly.select(*keys, MONTH, *(value.alias(name) for name, value in so_far.items()))


def with_earlier(rows: DataFrame, earlier: DataFrame, keys: Sequence[str]) -> DataFrame:
    """Return the rows with what came before their month, null where nothing is known of their key."""
    return rows.join(F.broadcast(earlier), on=[*keys, MONTH], how="left")


def share(part: Column, whole: Column) -> Column:
    """Return part of whole, null where there is no whole."""
    return F.when(whole > 0, part / whole)
