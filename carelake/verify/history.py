"""`dim_patient` against the true history of every patient, and against what SCD2 promises."""

from collections.abc import Iterator

import polars as pl

from carelake.verify.check import Check, compared, listed, sentences
from carelake.verify.tables import LakeTables
from carelake.verify.truth import Truth

TABLE = "gold/dim_patient"
VERSION = ["patient_id", "valid_from"]
NOT_TRACKED = {"patient_sk", "patient_id", "valid_from", "valid_to", "is_current", "recorded_at"}
LINE = "line"


def against_truth(tables: LakeTables, truth: Truth) -> Check:
    """Compare `dim_patient` with the truth, every attribute as text; grain: a version of a patient.

    A version with any other value counts as one missing and one false alarm.
    """
    history = truth.history()
    columns = [name for name in history.columns if name != LINE]
    there = tables.scan(TABLE).collect_schema().names()
    absent = [name for name in columns if name not in there]
    expected = history.height
    if absent:
        detail = f"{TABLE} has no column {listed(absent)}"
        return compared("dim_patient/history", expected, expected, 0, unit="versions", detail=detail)
    found = _as_text(tables.read(TABLE, "patient_sk", *columns), columns)
    wanted = _as_text(history, columns)
    missing = wanted.join(found, on=columns, how="anti").sort(LINE)
    extra = found.join(wanted, on=columns, how="anti").sort("patient_sk")
    doubled = found.height - found.select(columns).n_unique()
    detail = sentences(
        _differences(missing, extra, columns),
        f"as patient_history.csv line {listed(map(str, missing[LINE]))}" if missing.height else "",
        f"not in it, as patient_sk {listed(extra['patient_sk'], 1)}" if extra.height else "",
        f"{doubled} versions are there more than once" if doubled else "",
    )
    alarms = extra.height + doubled
    return compared("dim_patient/history", expected, missing.height, alarms, unit="versions", detail=detail)


def invariants(tables: LakeTables) -> Iterator[Check]:
    """Check what SCD2 promises of any `dim_patient`, truth or none."""
    names = tables.scan(TABLE).collect_schema().names()
    rows = tables.scan(TABLE).sort("patient_id", "valid_from", "patient_sk").collect()
    following = pl.col("valid_from").shift(-1).over("patient_id")
    is_last = following.is_null()
    ends = pl.col("valid_to")
    current = rows.group_by("patient_id").agg(pl.col("is_current").sum().alias("current"))
    yield _broken("one_current", current, pl.col("current") != 1, "patients", "not one current version")
    yield _broken(
        "current_is_open",
        rows,
        pl.col("is_current") != ends.is_null(),
        "versions",
        "is_current and valid_to differ",
    )
    yield _broken("no_gap", rows, ends < following, "versions", "end before the next version begins")
    yield _broken(
        "closed", rows, is_last != ends.is_null(), "versions", "open before the last, or last and closed"
    )
    yield _broken("no_overlap", rows, ends > following, "versions", "end after the next version begins")
    yield _broken("forward", rows, ends <= pl.col("valid_from"), "versions", "valid_to not after valid_from")
    yield _broken(
        "unique_sk", rows, ~pl.col("patient_sk").is_first_distinct(), "versions", "patient_sk not unique"
    )
    tracked = [name for name in names if name not in NOT_TRACKED]
    before = pl.struct(tracked).shift(1).over("patient_id")
    first = ~pl.col("patient_id").eq_missing(pl.col("patient_id").shift(1))
    unchanged = ~first & pl.struct(tracked).eq_missing(before)
    yield _broken("real_change", rows, unchanged, "versions", "equal to the version before")


def _broken(name: str, rows: pl.DataFrame, condition: pl.Expr, unit: str, what: str) -> Check:
    bad = rows.filter(condition.fill_null(False))
    keys = (
        f" (as patient_sk {listed(bad['patient_sk'], 1)})"
        if "patient_sk" in bad.columns and bad.height
        else ""
    )
    detail = f"{bad.height} {unit}: {what}{keys}" if bad.height else ""
    return compared(f"dim_patient/{name}", rows.height, 0, bad.height, unit=unit, detail=detail)


def _as_text(frame: pl.DataFrame, columns: list[str]) -> pl.DataFrame:
    """Return the columns as text, dates in ISO form, an empty text for null."""
    texts = [
        pl.col(name).dt.to_string("%Y-%m-%d")
        if frame.schema[name] == pl.Date
        else pl.col(name).cast(pl.String)
        for name in columns
    ]
    return frame.with_columns(text.fill_null("") for text in texts)


def _differences(missing: pl.DataFrame, extra: pl.DataFrame, columns: list[str]) -> str:
    """Say which attributes differ in versions that are there under the same day, and how many are not."""
    both = missing.join(extra, on=VERSION, how="inner", suffix="_found")
    counts = {
        name: both.filter(pl.col(name) != pl.col(f"{name}_found")).height
        for name in columns
        if name not in VERSION
    }
    differing = [f"{name} in {count}" for name, count in counts.items() if count]
    absent, added = missing.height - both.height, extra.height - both.height
    return sentences(
        f"versions with another {listed(differing)}" if differing else "",
        f"{absent} versions that should be there are not" if absent else "",
        f"{added} versions are there that should not" if added else "",
    )
