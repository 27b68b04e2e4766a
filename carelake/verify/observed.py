"""Observations against their encounters: within its times, first and last in order, flagged as in gold."""

from collections.abc import Iterator

import polars as pl

from carelake.verify.check import Check, compared, not_checked, sentences
from carelake.verify.outcomes import located
from carelake.verify.progress import Progress
from carelake.verify.tables import PLACE, LakeTables
from carelake.verify.truth import Truth

SILVER, FACT, PATIENTS = "silver/observations", "gold/fact_observations", "gold/dim_patient"
OUTSIDE = "observed_outside_encounter"
ENCOUNTER = ["patient_id", "encounter_id"]
CODE = [*ENCOUNTER, "observation_code"]
FLAGS = ("L", "H", "N")


def checks(tables: LakeTables, progress: Progress, truth: Truth | None) -> Iterator[Check]:
    """Check the observations of a lake; a real laboratory has ranges of its own, so flags need a truth."""
    if all(tables.exists(table) for table in (SILVER, "silver/encounters")):
        yield within_encounter(tables)
    if all(tables.exists(table) for table in (FACT, PATIENTS)):
        yield ends(tables)
        name = "flags/fact_observations"
        yield flags(tables, name) if truth else not_checked(name, progress.unknown_truth)


def within_encounter(tables: LakeTables) -> Check:
    """Check that every observation lies within its encounter's times, or is flagged as one that doesn't."""
    times = tables.scan("silver/encounters").select(*ENCOUNTER, "arrived_at", "admitted_at", "discharged_at")
    at = pl.col("observed_at")
    outside = (at < pl.min_horizontal("arrived_at", "admitted_at")) | (at > pl.col("discharged_at"))
    rows = (
        tables.scan(SILVER)
        .select(
            *ENCOUNTER, *PLACE, "observed_at", pl.col("_warnings").list.contains(OUTSIDE).alias("_flagged")
        )
        .join(times, on=ENCOUNTER, how="left")
        .with_columns(
            outside.fill_null(False).alias("_outside"), pl.col("admitted_at").is_null().alias("_alone")
        )
        .collect()
    )
    unflagged = rows.filter(pl.col("_alone") | pl.col("_outside") & ~pl.col("_flagged"))
    inside = rows.filter(~pl.col("_outside") & pl.col("_flagged"))
    detail = sentences(
        f"outside their encounter and not flagged: {located(unflagged)}" if unflagged.height else "",
        f"flagged, though inside: {located(inside)}" if inside.height else "",
    )
    name = "within_encounter/observations"
    return compared(name, rows.height, unflagged.height, inside.height, unit="observations", detail=detail)


def ends(tables: LakeTables) -> Check:
    """Check that of each code in an encounter one value is the first, one the last, and both in time.

    Values from outside the encounter and implausible ones are neither.
    """
    at, counts = pl.col("observed_at"), pl.col("_counts")
    is_read = pl.col("is_within_encounter") & pl.col("is_plausible").fill_null(True)
    series = tables.scan(FACT).with_columns(is_read.fill_null(False).alias("_counts")).group_by(CODE)
    groups = series.agg(
        read=counts.any(),
        one=(pl.col("is_first").sum() == counts.any()) & (pl.col("is_last").sum() == counts.any()),
        first=at.filter("is_first").max() == at.filter(counts).min(),
        last=at.filter("is_last").min() == at.filter(counts).max(),
    ).collect()
    in_order = pl.col("one") & (~pl.col("read") | pl.col("first") & pl.col("last"))
    wrong = groups.filter(~in_order.fill_null(False)).height
    detail = (
        f"{wrong} codes of encounters without one earliest first and one latest last value" if wrong else ""
    )
    return compared("ends/fact_observations", groups.height, wrong, 0, unit="series", detail=detail)


def flags(tables: LakeTables, name: str) -> Check:
    """Hold the laboratory's flags, where both know the range, against the judgement that gold makes anew.

    Ranges differ between women and men, so that of a patient whose recorded sex is neither is not known.
    """
    known = tables.scan(PATIENTS).filter(pl.col("sex").is_in(["F", "M"])).select("patient_sk")
    judged = pl.col("abnormal_flag").is_in(FLAGS) & pl.col("is_plausible")
    counts = (
        tables.scan(FACT)
        .filter(judged)
        .join(known, on="patient_sk", how="semi")
        .select(
            rows=pl.len(),
            unjudged=pl.col("is_abnormal").is_null().sum(),
            differing=((pl.col("abnormal_flag") != "N") != pl.col("is_abnormal")).sum(),
        )
        .collect()
        .row(0, named=True)
    )
    detail = sentences(
        f"{counts['unjudged']} flagged values are judged by no range" if counts["unjudged"] else "",
        f"{counts['differing']} values are judged otherwise" if counts["differing"] else "",
    )
    return compared(
        name, counts["rows"], counts["unjudged"], counts["differing"], unit="values", detail=detail
    )
