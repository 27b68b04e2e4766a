"""Scopes: what a change touches, and frames restricted to what is touched."""

from collections import defaultdict
from collections.abc import Iterable

from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as F

SCOPE = "_scope"
NO_SCOPE = ""
"""Scope of rows that don't say whom they belong to; they share it."""
FEW = 1_000_000
"""So many scopes, of some 50 bytes each, are sent to where the rows are."""

STAGE_END = 1_000_000
"""Partitions to coalesce to, far more than there are: rows stay where they are, but a compiled stage ends.

In one stage with what is made of the rows it would be too long to compile, and each row be copied, with all
its columns, before it is looked at.
"""


def scopes(frame: DataFrame, scope: Column) -> DataFrame:
    """Return the distinct scopes of a frame's rows, as text in one column."""
    return frame.select(_text(scope).alias(SCOPE)).distinct()


def near(touched: DataFrame, few: int = FEW) -> DataFrame:
    """Return the touched scopes, to be taken to the rows of an input unless they are too many.

    Spark doesn't know how few they are, and would shuffle and sort the inputs whole.
    """
    return F.broadcast(touched) if touched.count() <= few else touched


def restrict(frame: DataFrame, scope: Column, touched: DataFrame | None) -> DataFrame:
    """Return the rows whose scope is touched; all of them where `touched` is None."""
    if touched is None:
        return frame
    marked = frame.withColumn("_of_scope", _text(scope))
    wanted = touched.withColumnRenamed(SCOPE, "_of_scope")
    found = marked.join(wanted, on="_of_scope", how="left_semi").drop("_of_scope")
    return found.coalesce(STAGE_END)


def with_linked(touched: DataFrame, links: DataFrame) -> DataFrame:
    """Return the touched scopes and all that share a key with them, directly or through others.

    `links` holds a scope and a key per delivered row. A row that moved from one patient to another, or was
    corrected so, links the two: what becomes of the one row depends on the other. Such rows are few, so the
    groups they make are found on the driver.
    """
    # By hashes, since Spark would sort all rows to find the least of a text. Two keys of one hash do no harm.
    hashed = links.where(F.col("_key").isNotNull()).withColumn("_hash", F.xxhash64("_key"))
    least, greatest = F.min(F.xxhash64(SCOPE)), F.max(F.xxhash64(SCOPE))
    shared = hashed.groupBy("_hash").agg((least != greatest).alias("_shared")).where("_shared")
    of_shared = hashed.join(shared, on="_hash", how="left_semi")
    pairs = [(row[SCOPE], row["_key"]) for row in of_shared.select(SCOPE, "_key").distinct().collect()]
    if not pairs:
        return touched
    groups = links.sparkSession.createDataFrame(groups_of(pairs), f"{SCOPE} string, _group string")
    reached = groups.join(touched, on=SCOPE, how="left_semi").select("_group").distinct()
    linked = groups.join(reached, on="_group", how="left_semi").select(SCOPE)
    return touched.union(linked).distinct()


def groups_of(pairs: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """Return each scope with the name of its group: scopes that share a key are of one group.

    The name is the group's first scope in order.
    """
    linked: dict[str, list[str]] = defaultdict(list)
    for scope, key in pairs:
        linked[f"scope {scope}"].append(f"key {key}")
        linked[f"key {key}"].append(f"scope {scope}")
    found: dict[str, str] = {}
    for start in sorted(scope for scope, _ in pairs):
        waiting = [f"scope {start}"]
        while waiting:
            node = waiting.pop()
            if node not in found:
                found[node] = start
                waiting += linked[node]
    return sorted({(scope, found[f"scope {scope}"]) for scope, _ in pairs})


def _text(scope: Column) -> Column:
    return F.coalesce(scope.cast("string"), F.lit(NO_SCOPE))
