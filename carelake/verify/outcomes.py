"""The truth's list of defects against what became of the rows: quarantined, kept, superseded, flagged."""

from collections.abc import Iterator

import polars as pl

from carelake.verify.check import Check, compared, listed, sentences
from carelake.verify.fates import SILVER, SUPERSEDED, places
from carelake.verify.tables import FILE, PLACE, ROW, LakeTables

BROKEN = [FILE, ROW, "rule"]
UNRESOLVED = "_unresolved"
"""End of the rule id of a reference that is found by join, not stored on the row."""


def checks(name: str, tables: LakeTables, delivered: pl.DataFrame, defects: pl.DataFrame) -> Iterator[Check]:
    """Hold the outcome of every delivered row of a silver table against the truth.

    `delivered` are the table's fates, `defects` all that the truth lists: a row it lists as `error` must be
    quarantined, a `duplicate` superseded, and any other be in silver with the listed warnings alone.
    """
    listed_rows = defects.filter(is_of(name))
    errors = listed_rows.filter(pl.col("severity") == "error")
    duplicates = listed_rows.filter(pl.col("severity") == "duplicate")
    everything = delivered.filter(pl.col("bronze") > 0).select(PLACE).unique()
    sound = everything.join(pl.concat([errors, duplicates]), on=PLACE, how="anti")
    yield _quarantine(name, tables, delivered, errors)
    yield _in_place(f"kept/{name}", sound, delivered, SILVER)
    yield _in_place(f"superseded/{name}", duplicates.select(PLACE).unique(), delivered, SUPERSEDED)
    yield _warnings(name, tables, delivered, listed_rows.filter(pl.col("severity") == "warning"))


def is_of(name: str) -> pl.Expr:
    """Return whether a defect is in a file of a table."""
    return pl.col(FILE).str.split("/").list.last() == f"{name}.csv"


def located(rows: pl.DataFrame) -> str:
    """Return the first few of some delivered rows as text."""
    places_found = rows.select(PLACE).unique().sort(PLACE)
    return listed([f"{file} row {row}" for file, row in places_found.iter_rows()])


def by_rule(broken: pl.DataFrame) -> str:
    """Return how often each rule occurs among rows, with a place to look at."""
    counts = broken.group_by("rule").agg(pl.len(), pl.col(FILE).first(), pl.col(ROW).first())
    worst = counts.sort(["len", "rule"], descending=[True, False])
    return listed([f"{rule} {n} (as {file} row {row})" for rule, n, file, row in worst.iter_rows()])


def _quarantine(name: str, tables: LakeTables, delivered: pl.DataFrame, errors: pl.DataFrame) -> Check:
    found = tables.read(f"quarantine/{name}", *PLACE, "_reasons")
    reasons = found.explode("_reasons").rename({"_reasons": "rule"})
    undetected = errors.join(reasons, on=BROKEN, how="anti").sort(BROKEN)
    lost = undetected.join(found, on=PLACE, how="anti")
    false_alarms = reasons.join(errors, on=PLACE, how="anti").sort(BROKEN)
    where = [
        f"{located(rows)} {'is' if rows.height == 1 else 'are'} {text}"
        for fate, text in ((SILVER, "in silver"), (SUPERSEDED, "held to be superseded"))
        if (rows := lost.join(places(delivered, fate), on=PLACE, how="semi")).height
    ]
    detail = sentences(
        f"rules not among the reasons: {by_rule(undetected)}" if undetected.height else "",
        *where,
        f"sound rows quarantined for {by_rule(false_alarms)}" if false_alarms.height else "",
    )
    missing, alarms = (rows.select(PLACE).n_unique() for rows in (undetected, false_alarms))
    expected = errors.select(PLACE).n_unique()
    return compared(f"quarantine/{name}", expected, missing, alarms, detail=detail)


def _in_place(check: str, expected: pl.DataFrame, delivered: pl.DataFrame, fate: str) -> Check:
    found = places(delivered, fate)
    missing = expected.join(found, on=PLACE, how="anti")
    extra = found.join(expected, on=PLACE, how="anti")
    kind = "in silver" if fate == SILVER else fate
    detail = sentences(
        f"should be {kind}: {located(missing)}" if missing.height else "",
        f"should not be {kind}: {located(extra)}" if extra.height else "",
    )
    return compared(check, expected.height, missing.height, extra.height, detail=detail)


def _warnings(name: str, tables: LakeTables, delivered: pl.DataFrame, warnings: pl.DataFrame) -> Check:
    """Compare the warnings of rows in silver; those of rows that are not there have no place to be."""
    stored = tables.scan(f"silver/{name}").filter(pl.col("_warnings").list.len() > 0)
    found = stored.select(*PLACE, pl.col("_warnings").alias("rule")).collect().explode("rule")
    planted = warnings.filter(~pl.col("rule").str.ends_with(UNRESOLVED)).select(BROKEN)
    expected = planted.join(places(delivered, SILVER), on=PLACE, how="semi")
    return triples(f"warnings/{name}", expected, found)


def triples(check: str, expected: pl.DataFrame, found: pl.DataFrame) -> Check:
    """Compare planted and found rules, row by row; grain: file, row and rule."""
    missing = expected.join(found, on=BROKEN, how="anti").sort(BROKEN)
    extra = found.join(expected, on=BROKEN, how="anti").sort(BROKEN)
    detail = sentences(
        f"not flagged: {by_rule(missing)}" if missing.height else "",
        f"flagged though sound: {by_rule(extra)}" if extra.height else "",
    )
    return compared(check, expected.height, missing.height, extra.height, unit="warnings", detail=detail)
