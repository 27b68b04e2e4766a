"""Stays and readmissions against the truth's list of them, and against what any such tables must obey."""

from collections.abc import Iterator

import polars as pl

from carelake.verify.check import Check, compared, listed, not_checked, sentences
from carelake.verify.tables import LakeTables
from carelake.verify.truth import Truth

STAYS, INDEX = "gold/fact_stays", "gold/readmission_index"
ENCOUNTERS, FACILITIES = "gold/fact_encounters", "gold/dim_facility"
ACUTE_CARE = ("acute_care", "critical_access")
STAY, VALUE = "encounter_id", "value"
FLAGS = ("is_planned", "readmitted_30d", "readmitted_60d", "readmitted_90d")
LATEST_TRANSFER_DAY = 1
"""Calendar days after discharge on which an admission elsewhere goes on with the episode."""
TRUE_STAYS = "stays/truth"
TRUE_INDEX = tuple(f"readmissions/{name}" for name in ("stay_class", "exclusion_reasons", *FLAGS))


def checks(tables: LakeTables, truth: Truth | None, unknown: str) -> Iterator[Check]:
    """Check stays and readmissions; `unknown` says why there is no `truth` to hold them against."""
    if not tables.exists(STAYS):
        yield not_checked("stays", f"{STAYS} is not built")
    else:
        yield _same_stays(tables, truth) if truth else not_checked(TRUE_STAYS, unknown)
        yield chains(tables)
        if all(tables.exists(table) for table in (ENCOUNTERS, FACILITIES)):
            yield partition(tables)
            yield lengths(tables)
    if not tables.exists(INDEX):
        yield not_checked("readmissions", f"{INDEX} is not built")
        return
    yield from against_truth(tables, truth) if truth else (not_checked(name, unknown) for name in TRUE_INDEX)
    if tables.exists(STAYS):
        yield waterfall(tables)


def _same_stays(tables: LakeTables, truth: Truth) -> Check:
    """Compare which stays there are."""
    wanted, found = (rows.select(STAY, pl.lit("").alias(VALUE)) for rows in (truth.stays(), _stays(tables)))
    return _agreed(TRUE_STAYS, wanted, found, unit="stays")


def against_truth(tables: LakeTables, truth: Truth) -> Iterator[Check]:
    """Compare class, reasons and flags, stay by stay; a value that is not known yet, empty, counts nowhere.

    A stay with another value counts as one missing and one false alarm.
    """
    wanted, found = truth.stays(), tables.scan(INDEX).collect()
    is_index = pl.when("is_index").then(pl.lit("index")).otherwise(pl.lit("excluded"))
    pairs = {
        "stay_class": (pl.col("stay_class"), is_index),
        "exclusion_reasons": (pl.col("exclusion_reasons").str.split(";"), pl.col("exclusion_reasons")),
    } | {name: (pl.col(name), pl.col(name).cast(pl.String)) for name in FLAGS}
    for name, (said, made) in pairs.items():
        unit = "reasons" if name == "exclusion_reasons" else "stays"
        yield _agreed(f"readmissions/{name}", _values(wanted, said), _values(found, made), unit=unit)


def waterfall(tables: LakeTables) -> Check:
    """Check that each stay is an index stay or has one first reason, and that the two add up to all stays."""
    rows, stays = tables.scan(INDEX).collect(), _stays(tables)
    first = pl.col("first_exclusion_reason")
    is_one_of_them = pl.col("exclusion_reasons").list.contains(first).fill_null(False)
    has_none = first.is_null() & (pl.col("exclusion_reasons").list.len() == 0)
    unclear = rows.filter(~pl.when("is_index").then(has_none).otherwise(is_one_of_them).fill_null(False))
    lost, strange = stays.join(rows, on=STAY, how="anti"), rows.join(stays, on=STAY, how="anti")
    doubled = rows.height - rows[STAY].n_unique()
    alarms = unclear.height + strange.height + doubled
    detail = sentences(
        f"in no step or in two: {_named(unclear)}" if unclear.height else "",
        f"stays without a row: {_named(lost)}" if lost.height else "",
        f"rows of no stay: {_named(strange)}" if strange.height else "",
        f"{doubled} rows are there more than once" if doubled else "",
        f"{_steps(rows)} of {stays.height} stays" if alarms or lost.height else "",
    )
    name = "readmissions/waterfall"
    return compared(name, stays.height, lost.height, alarms, unit="stays", detail=detail)


def chains(tables: LakeTables) -> Check:
    """Check that stays are linked exactly where one follows another elsewhere by the next day.

    A chain bears the name of its first leg; its legs are numbered from 1 and follow each other.
    """
    rows = _stays(tables).sort("patient_id", "admitted_at", STAY)
    before = {name: pl.col(name).shift(1).over("patient_id") for name in rows.columns}
    gap = (pl.col("admitted_at").dt.date() - before["discharged_at"].dt.date()).dt.total_days()
    is_elsewhere = before["facility_id"] != pl.col("facility_id")
    follows = (is_elsewhere & (gap <= LATEST_TRANSFER_DAY)).fill_null(False)
    chain, position = pl.col("chain_id"), pl.col("chain_position")
    goes_on = (chain == before["chain_id"]) & (position == before["chain_position"] + 1)
    begins = (chain == pl.col(STAY)) & (position == 1)
    is_followed = follows.shift(-1).over("patient_id").fill_null(False)
    linked = pl.when(follows).then(goes_on).otherwise(begins) & (pl.col("is_transferred_out") == is_followed)
    off = rows.filter(~linked.fill_null(False))
    detail = f"linked otherwise than they follow: {_named(off)}" if off.height else ""
    return compared("stays/chains", rows.height, off.height, 0, unit="stays", detail=detail)


def partition(tables: LakeTables) -> Check:
    """Check that every inpatient row of a facility not known for other than acute care is in one stay."""
    kind = pl.col("facility_type")
    others = tables.scan(FACILITIES).filter(~kind.is_in(ACUTE_CARE)).select("facility_id")
    acute = (
        tables.scan(ENCOUNTERS)
        .filter(pl.col("encounter_type") == "inpatient")
        .join(others, on="facility_id", how="anti")
        .select(STAY)
        .collect()
    )
    placed = _rows_of_stays(tables).select(pl.col("row").alias(STAY))
    lost, strange = acute.join(placed, on=STAY, how="anti"), placed.join(acute, on=STAY, how="anti")
    again = placed.filter(~pl.col(STAY).is_first_distinct())
    detail = sentences(
        f"in no stay: {_named(lost)}" if lost.height else "",
        f"in a stay, but no acute inpatient rows: {_named(strange)}" if strange.height else "",
        f"in more than one stay: {_named(again)}" if again.height else "",
    )
    return compared("stays/rows", acute.height, lost.height, strange.height + again.height, detail=detail)


def lengths(tables: LakeTables) -> Check:
    """Check that a stay lasts from its rows' first admission to their last discharge, as do its days."""
    times = tables.read(ENCOUNTERS, STAY, "admitted_at", "discharged_at").rename({STAY: "row"})
    end = pl.when(pl.col("discharged_at").null_count() == 0).then(pl.col("discharged_at").max())
    spans = (
        _rows_of_stays(tables)
        .join(times, on="row", how="inner")
        .group_by(STAY)
        .agg(pl.col("admitted_at").min().alias("_start"), end.alias("_end"))
    )
    rows = _stays(tables).join(spans, on=STAY, how="left")
    midnights = (pl.col("_end").dt.date() - pl.col("_start").dt.date()).dt.total_days()
    sound = (
        (pl.col("admitted_at") == pl.col("_start"))
        & pl.col("discharged_at").eq_missing(pl.col("_end"))
        & pl.col("los_days").eq_missing(midnights.clip(lower_bound=1))
    )
    off = rows.filter(~sound.fill_null(False))
    detail = f"longer or shorter than their rows: {_named(off)}" if off.height else ""
    return compared("stays/los_days", rows.height, off.height, 0, unit="stays", detail=detail)


def _stays(tables: LakeTables) -> pl.DataFrame:
    columns = ("patient_id", "facility_id", "admitted_at", "discharged_at", "los_days")
    return tables.read(STAYS, STAY, *columns, "chain_id", "chain_position", "is_transferred_out")


def _steps(rows: pl.DataFrame) -> str:
    """Return how many stays are in each step of the waterfall."""
    step = pl.when("is_index").then(pl.lit("index")).otherwise("first_exclusion_reason").fill_null("none")
    counts = rows.group_by(step.alias("step")).len().sort("len", "step", descending=True)
    return ", ".join(f"{name} {count}" for name, count in counts.iter_rows())


def _rows_of_stays(tables: LakeTables) -> pl.DataFrame:
    return tables.read(STAYS, STAY, "encounter_ids").explode("encounter_ids").rename({"encounter_ids": "row"})


def _values(rows: pl.DataFrame, value: pl.Expr) -> pl.DataFrame:
    """Return stay and value, one row per value of a list, none for an empty one."""
    pairs = rows.select(STAY, value.alias(VALUE))
    each = pairs.explode(VALUE) if isinstance(pairs.schema[VALUE], pl.List) else pairs
    return each.drop_nulls(VALUE).unique()


def _agreed(name: str, wanted: pl.DataFrame, found: pl.DataFrame, *, unit: str) -> Check:
    """Compare pairs of stay and value."""
    missing = wanted.join(found, on=[STAY, VALUE], how="anti")
    extra = found.join(wanted, on=[STAY, VALUE], how="anti")
    detail = sentences(
        f"in the truth only: {_named(missing)}" if missing.height else "",
        f"in the lake only: {_named(extra)}" if extra.height else "",
    )
    return compared(name, wanted.height, missing.height, extra.height, unit=unit, detail=detail)


def _named(rows: pl.DataFrame) -> str:
    """Return the first few stays or rows, each with the value it has, where one is given."""
    columns = [STAY, *({VALUE} & set(rows.columns))]
    return listed(" ".join(row).strip() for row in rows.select(columns).sort(columns).iter_rows())
