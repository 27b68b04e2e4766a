"""Wards against the patients who were in them, against what is reported of them, and against their staff."""

from collections.abc import Iterator
from datetime import date, datetime, timedelta

import polars as pl

from carelake.contract import Contract
from carelake.verify.check import Check, compared, listed, sentences
from carelake.verify.delivered import MALFORMED, value
from carelake.verify.tables import LakeTables

WARD = ["facility_id", "unit"]
DAY, CENSUS = "bed_date", "occupied_beds"
TIMES = ["admitted_at", "discharged_at", "updated_at"]
NEEDED = (
    "silver/beds", "silver/staffing", "silver/hai_data", "silver/encounters", "silver/deliveries",
    "quarantine/encounters",
)  # fmt: skip
NURSE = "RN"
"""The role without which no ward is open."""
FAR_AHEAD = datetime(9999, 1, 1)
ROUNDING, CLOSE = 0.005, 1e-9
LONGER_THAN_ANY = 2
"""A stay whose begin can't be read is taken to be no longer than so many times the longest there is."""

HOURS = pl.col("hours_worked")
STAFFING_RATIOS = {
    "hours_per_patient_day": (HOURS, pl.col(CENSUS)),
    "overtime_share": (pl.col("overtime_hours"), HOURS),
    "agency_share": (pl.col("agency_hours"), HOURS),
    "cost_per_hour": (
        pl.col("payroll_amount").cast(pl.Float64),
        (HOURS - pl.col("agency_hours")).round(2),
    ),
}


def reconciled(tables: LakeTables, encounters: Contract) -> Iterator[Check]:
    """Hold beds against encounters and infection reports, staffing against beds and itself.

    What sources report of themselves agrees to the day only where they are simulated, so this asks for a
    lake that can be held against its truth. `encounters` is the contract of silver encounters.
    """
    if not all(tables.exists(table) for table in NEEDED):
        return
    beds = tables.read("silver/beds", *WARD, DAY, CENSUS)
    yield _against_stays(beds, tables, encounters)
    yield _against_reports(beds, tables)
    yield _staffed_days(beds, tables)
    yield _pay(tables)


def _against_stays(beds: pl.DataFrame, tables: LakeTables, encounters: Contract) -> Check:
    """Compare the census with the stays in silver; a bed may lack its stay only where one can be missing.

    Missing can be what is in quarantine and, in the period of the last delivery, what comes late. Each row
    in quarantine accounts for one patient a day at most.
    """
    ends = tables.read("silver/deliveries", "data_through")["data_through"].dt.date().sort()
    if ends.is_empty():
        return compared("operations/census", 0, 0, 0, unit="patient days")
    settled = ends[-2] if len(ends) > 1 else ends[-1]
    stays = stays_of(_inpatient(tables), ends[-1])
    absent = _absent(tables, encounters, stays, ends[-1])
    cells = beds.join(_per_day(stays, "found"), on=[*WARD, DAY], how="full", coalesce=True)
    cells = cells.join(_per_day(absent, "absent"), on=[*WARD, DAY], how="left").fill_null(0)
    lack = pl.col(CENSUS).cast(pl.Int64) - pl.col("found")
    allowed = pl.when(pl.col(DAY) <= settled).then("absent").otherwise(lack)
    off = cells.with_columns(fewer=lack - allowed, more=-lack)
    return _days("operations/census", beds.select(pl.col(CENSUS).sum()).item(), off, DAY)


def _days(name: str, expected: int, rows: pl.DataFrame, day: str) -> Check:
    """Return a check of patient days: `fewer` are missing in a ward, `more` too many, where above 0."""
    off = rows.with_columns(pl.col("fewer", "more").clip(lower_bound=0)).filter(
        (pl.col("fewer") > 0) | (pl.col("more") > 0)
    )
    missing, extra = off.select(pl.col("fewer").sum(), pl.col("more").sum()).row(0)
    detail = f"another census in {_named(off, day)}" if off.height else ""
    return compared(name, expected, missing, extra, unit="patient days", detail=detail)


def stays_of(rows: pl.DataFrame, through: date) -> pl.DataFrame:
    """Return facility, unit, first and last counted day of the stays that encounter rows make.

    Rows of one patient in one unit that overlap or touch are one stay. The day of discharge does not count,
    unless it is that of admission; a stay that is open counts up to the day `through`.
    """
    who = ["patient_id", *WARD]
    ended = rows.with_columns(end=pl.col("discharged_at").fill_null(FAR_AHEAD))
    ended = ended.sort(*who, "admitted_at", "end")
    before = pl.col("end").cum_max().shift(1).over(who)
    begins = (pl.col("admitted_at") > before).fill_null(True)
    numbered = ended.with_columns(stay=begins.cum_sum().over(who))
    merged = numbered.group_by(*who, "stay").agg(pl.col("admitted_at").min(), pl.col("end").max())
    first, left = pl.col("admitted_at").dt.date(), pl.col("end").dt.date()
    last = pl.max_horizontal(first, left - pl.duration(days=1))
    return merged.select(*WARD, first=first, last=pl.min_horizontal(last, pl.lit(through)))


def _inpatient(tables: LakeTables) -> pl.DataFrame:
    rows = tables.scan("silver/encounters").filter(pl.col("encounter_type") == "inpatient")
    zoneless = [pl.col(name).dt.replace_time_zone(None) for name in TIMES[:2]]
    return rows.select("patient_id", *WARD, *zoneless).collect()


def _absent(tables: LakeTables, encounters: Contract, stays: pl.DataFrame, through: date) -> pl.DataFrame:
    """Return ward and days of what may be a stay that only the quarantine knows of.

    Copies of rows that are in silver are none. A row without a facility may belong to any; where it does not
    say when it began, the longest stays bound it; it was written after it ended, unless it is open still.
    """
    names = ["encounter_id", *WARD, *TIMES]
    raw = [pl.col("_raw").str.json_path_match(f"$.{name}").alias(name) for name in names]
    found = tables.read("quarantine/encounters", "_raw", "_reasons")
    found = found.filter(pl.col("_reasons").list.set_intersection(list(MALFORMED)).list.len() == 0)
    is_open = (pl.col("discharged_at").fill_null("") == "").alias("is_open")
    rows = found.select(raw).select(is_open, *(value(encounters.column(name)) for name in names))
    known = tables.read("silver/encounters", "encounter_id")
    rows = rows.join(known, on="encounter_id", how="anti").filter(pl.col("unit").is_not_null())
    admitted, discharged, written = (pl.col(name).dt.date() for name in TIMES)
    last = pl.when("is_open").then(pl.lit(through)).otherwise(pl.coalesce(written, discharged))
    longest = stays.select((pl.col("last") - pl.col("first")).max())["last"].item() or timedelta()
    bound = last - longest * LONGER_THAN_ANY
    begun = pl.when(admitted <= last).then(pl.min_horizontal(admitted, discharged)).otherwise(bound)
    rows = rows.select(*WARD, first=begun.fill_null(bound), last=last).drop_nulls("last")
    anywhere = rows.filter(pl.col("facility_id").is_null()).drop("facility_id")
    places = stays.select("facility_id").unique().join(anywhere, how="cross")
    return pl.concat([rows.drop_nulls("facility_id"), places.select(rows.columns)])


def _per_day(stays: pl.DataFrame, name: str) -> pl.DataFrame:
    """Return how many stays there are per ward and day."""
    days = stays.with_columns(pl.date_ranges("first", "last").alias(DAY)).explode(DAY)
    return days.group_by(*WARD, DAY).agg(pl.len().cast(pl.Int64).alias(name))


def _against_reports(beds: pl.DataFrame, tables: LakeTables) -> Check:
    """Compare patient days as reported for infections with the census; a month not over counts so far."""
    written = pl.col("updated_at").dt.date().alias("_written")
    reports = tables.scan("silver/hai_data").select(*WARD, "month", "patient_days", written).collect()
    days = beds.with_columns(month=pl.col(DAY).dt.truncate("1mo"))
    pairs = reports.join(days, on=[*WARD, "month"], how="left").filter(
        pl.col(DAY).is_null() | (pl.col(DAY) <= pl.col("_written"))
    )
    sums = pairs.group_by(*WARD, "month").agg(pl.col(CENSUS).cast(pl.Int64).sum())
    held = reports.join(sums, on=[*WARD, "month"], how="left").with_columns(pl.col(CENSUS).fill_null(0))
    lack = pl.col("patient_days").cast(pl.Int64) - pl.col(CENSUS)
    off = held.with_columns(fewer=lack, more=-lack)
    return _days("operations/hai_data", reports.select(pl.col("patient_days").sum()).item(), off, "month")


def _staffed_days(beds: pl.DataFrame, tables: LakeTables) -> Check:
    """Check that each role that works in a unit is there on every day the unit is open, and on no other."""
    key = [*WARD, DAY, "role"]
    found = tables.scan("silver/staffing").rename({"shift_date": DAY}).select(key).collect()
    nurses = beds.select("unit", role=pl.lit(NURSE))
    roles = pl.concat([nurses, found.select("unit", "role")]).unique()
    expected = beds.select(*WARD, DAY).join(roles, on="unit", how="inner").select(key)
    missing = expected.join(found, on=key, how="anti")
    extra = found.join(expected, on=key, how="anti")
    detail = sentences(
        f"no staff in {_named(missing, DAY)}" if missing.height else "",
        f"staff in closed units: {_named(extra, DAY)}" if extra.height else "",
    )
    return compared("operations/staffing", expected.height, missing.height, extra.height, detail=detail)


def _pay(tables: LakeTables) -> Check:
    """Check that hours have parts no larger than themselves, and pay where employees worked, else none."""
    rows = tables.read(
        "silver/staffing",
        *WARD,
        "shift_date",
        "hours_worked",
        "overtime_hours",
        "agency_hours",
        "payroll_amount",
    )
    own = (pl.col("hours_worked") - pl.col("agency_hours")).round(2)
    unpaid = (own > 0) != (pl.col("payroll_amount") > 0)
    off = rows.filter((pl.col("overtime_hours") > own + ROUNDING) | unpaid)
    detail = f"hours and pay don't fit in {_named(off, 'shift_date')}" if off.height else ""
    return compared("operations/pay", rows.height, 0, off.height, detail=detail)


def ratios(tables: LakeTables) -> Iterator[Check]:
    """Work out the ratios of gold anew, from silver; empty where there is nothing to divide by."""
    beds = ["occupied_beds", "staffed_beds"]
    if tables.exists("gold/fact_bed_days"):
        rows = tables.read("gold/fact_bed_days", *WARD, DAY, *beds, "occupancy", "is_over_capacity")
        is_over = pl.col("is_over_capacity") != (pl.col(beds[0]) > pl.col(beds[1]))
        yield _worked_out(
            "fact_bed_days", rows, DAY, {"occupancy": (pl.col(beds[0]), pl.col(beds[1]))}, is_over
        )
    if all(tables.exists(table) for table in ("gold/fact_staffing", "silver/beds")):
        census = tables.scan("silver/beds").select(*WARD, shift_date=DAY, _census=CENSUS)
        rows = tables.scan("gold/fact_staffing").join(census, on=[*WARD, "shift_date"], how="left").collect()
        strange = pl.col(CENSUS).ne_missing(pl.col("_census"))
        yield _worked_out("fact_staffing", rows, "shift_date", STAFFING_RATIOS, strange)


def _worked_out(
    name: str, rows: pl.DataFrame, day: str, parts: dict[str, tuple[pl.Expr, pl.Expr]], strange: pl.Expr
) -> Check:
    """Count the rows with another ratio than numerator / denominator, or that are strange otherwise."""
    off = rows.filter(pl.any_horizontal(strange, *(_is_off(ratio, *of) for ratio, of in parts.items())))
    detail = f"another value than its parts give in {_named(off, day)}" if off.height else ""
    return compared(f"ratios/gold/{name}", rows.height, off.height, off.height, detail=detail)


def _is_off(ratio: str, numerator: pl.Expr, denominator: pl.Expr) -> pl.Expr:
    expected = numerator / pl.when(denominator != 0).then(denominator)
    found = pl.col(ratio)
    differs = (found - expected).abs() > CLOSE * (1 + expected.abs())
    return differs.fill_null(found.is_null() != expected.is_null())


def _named(rows: pl.DataFrame, day: str) -> str:
    """Return the first few ward days of some rows as text."""
    ordered = rows.select(*WARD, day).unique().sort(*WARD, day)
    return listed(f"{facility} {unit} {on}" for facility, unit, on in ordered.iter_rows())
