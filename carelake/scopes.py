"""Scopes: what a change touches, and frames restricted to what is touched."""

from pyspark import StorageLevel
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

SCOPE = "_scope"
NO_SCOPE = ""
"""Scope of rows that don't say whom they belong to; they share it."""


def scopes(frame: DataFrame, scope: Column) -> DataFrame:
    """Return the distinct scopes of a frame's rows, as text in one column."""
    return frame.select(_text(scope).alias(SCOPE)).distinct()


def restrict(frame: DataFrame, scope: Column, touched: DataFrame | None) -> DataFrame:
    """Return the rows whose scope is touched; all of them where `touched` is None."""
    if touched is None:
        return frame
    marked = frame.withColumn("_of_scope", _text(scope))
    wanted = touched.withColumnRenamed(SCOPE, "_of_scope")
    return marked.join(wanted, on="_of_scope", how="left_semi").drop("_of_scope")


def with_linked(touched: DataFrame, links: DataFrame) -> DataFrame:
    """Return the touched scopes and all that share a key with them, directly or through others.

    `links` holds a scope and a key per delivered row. A row that moved from one patient to another, or was
    corrected so, links the two: what becomes of the one row depends on the other.
    """
    known = touched.persist(StorageLevel.MEMORY_AND_DISK)
    keyed = links.where(F.col("_key").isNotNull())
    while True:
        keys = keyed.join(known, on=SCOPE, how="left_semi").select("_key").distinct()
        linked = keyed.join(keys, on="_key", how="left_semi").select(SCOPE).distinct()
        more = linked.join(known, on=SCOPE, how="left_anti").persist(StorageLevel.MEMORY_AND_DISK)
        if more.isEmpty():
            return known
        known = known.union(more).persist(StorageLevel.MEMORY_AND_DISK)


def _text(scope: Column) -> Column:
    return F.coalesce(scope.cast("string"), F.lit(NO_SCOPE))
