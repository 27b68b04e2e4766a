"""Medications against what else is told of the same care: procedures, claims, deaths, and their own money."""

from collections.abc import Iterator

import polars as pl

from carelake.verify.check import Check, compared, not_checked, sentences
from carelake.verify.fates import QUARANTINE, SILVER
from carelake.verify.reconcile import cents_of
from carelake.verify.tables import INITIAL, LakeTables, folder

MEDICATIONS, PROCEDURES, CLAIMS = f"{SILVER}/medications", f"{SILVER}/procedures", f"{SILVER}/claims"
ENCOUNTERS, PATIENTS = f"{SILVER}/encounters", "gold/dim_patient"
DRUGS, CODES = "gold/dim_drug", "gold/dim_procedure"
READ = (MEDICATIONS, PROCEDURES, CLAIMS, ENCOUNTERS, PATIENTS, DRUGS, CODES)
NAMES = ("drugs/procedures", "drugs/claims", "drugs/money", "drugs/after_death")
GIVEN = ["encounter_id", "drug_code", "day"]
IMPLAUSIBLE = "quantity_implausible"


def checks(tables: LakeTables) -> Iterator[Check]:
    """Hold medications against procedures, claims, deaths and their own amounts."""
    absent = [table for table in READ if not tables.exists(table)]
    if absent:
        yield from (not_checked(name, f"{', '.join(absent)} is not built") for name in NAMES)
        return
    yield procedures(tables)
    yield claims(tables)
    yield money(tables)
    yield after_death(tables)


def procedures(tables: LakeTables) -> Check:
    """Compare drugs billed as procedures with those given: same encounter, drug, day, number and units.

    Encounters that can't tell are left out: inpatient ones, which bill no drug by itself, and those with
    a row of the patient in quarantine, an unknown code or a flagged quantity.
    """
    aside = _set_aside(tables, "medications", "procedures")
    billed = tables.scan(PROCEDURES).with_columns(day=pl.col("performed_at").cast(pl.Date))
    billed = billed.join(_by_code(tables), on="procedure_code", how="inner")
    given = _given(tables).with_columns(day=pl.col("started_on"))
    expected = _groups(billed, tables).join(aside, on="encounter_id", how="anti").collect()
    found = _groups(given, tables).join(aside, on="encounter_id", how="anti").collect()
    missing = expected.join(found, on=expected.columns, how="anti").height
    extra = found.join(expected, on=expected.columns, how="anti").height
    detail = sentences(
        f"{missing} drugs billed in an encounter were not given so" if missing else "",
        f"{extra} given were not billed so" if extra else "",
    )
    return compared(NAMES[0], expected.height, missing, extra, unit="drugs", detail=detail)


def claims(tables: LakeTables) -> Check:
    """Check that a claim for a drug has one given in its encounter.

    Claims of the newest delivery are left out unless it is the first: what is late comes with the next.
    """
    aside = _set_aside(tables, "medications")
    rows = tables.scan(CLAIMS).join(_by_code(tables), on="procedure_code", how="inner")
    rows = rows.filter(pl.col("encounter_id").is_not_null()).join(_outside(tables), on="encounter_id")
    rows = rows.join(aside, on="encounter_id", how="anti")
    settled = rows.filter((folder() == INITIAL) | (folder() != _newest(tables))).collect()
    given = _given(tables).select("encounter_id", "drug_code").unique().collect()
    missing = settled.join(given, on=["encounter_id", "drug_code"], how="anti").height
    detail = f"{missing} claims for a drug that was not given in their encounter" if missing else ""
    return compared(NAMES[1], settled.height, missing, 0, unit="claims", detail=detail)


def money(tables: LakeTables) -> Check:
    """Check that payer and patient together pay the total of each supply, to the cent."""
    paid = cents_of("payer_paid_amount") + cents_of("patient_paid_amount")
    counts = tables.scan(MEDICATIONS).select(rows=pl.len(), off=paid.ne_missing(cents_of("total_cost")).sum())
    rows, off = counts.collect().row(0)
    detail = f"{off} supplies whose payers do not pay their total" if off else ""
    return compared(NAMES[2], rows, off, 0, detail=detail)


def after_death(tables: LakeTables) -> Check:
    """Check that no supply begins after the day its patient died."""
    current = tables.scan(PATIENTS).filter("is_current").select("patient_id", "death_date")
    rows = tables.scan(MEDICATIONS).join(current, on="patient_id", how="inner")
    rows = rows.filter(pl.col("death_date").is_not_null())
    counts = rows.select(rows=pl.len(), late=(pl.col("started_on") > pl.col("death_date")).sum())
    expected, late = counts.collect().row(0)
    detail = f"{late} supplies begin after the patient's death" if late else ""
    return compared(NAMES[3], expected, 0, late, detail=detail)


def _by_code(tables: LakeTables) -> pl.LazyFrame:
    """Return the drugs that are billed by a code of their own: `procedure_code` and `drug_code`."""
    drugs = tables.scan(DRUGS).filter(pl.col("hcpcs_code").is_not_null())
    return drugs.select("drug_code", procedure_code="hcpcs_code")


def _given(tables: LakeTables) -> pl.LazyFrame:
    rows = tables.scan(MEDICATIONS).filter(pl.col("source") == "administered")
    return rows.join(_by_code(tables), on="drug_code", how="semi")


def _outside(tables: LakeTables) -> pl.LazyFrame:
    rows = tables.scan(ENCOUNTERS).filter(pl.col("encounter_type").ne_missing("inpatient"))
    return rows.select("encounter_id")


def _groups(rows: pl.LazyFrame, tables: LakeTables) -> pl.LazyFrame:
    outside = rows.join(_outside(tables), on="encounter_id", how="semi")
    return outside.group_by(GIVEN).agg(times=pl.len(), units=pl.col("quantity").sum())


def _set_aside(tables: LakeTables, *names: str) -> pl.LazyFrame:
    """Return the encounters of which some tables may not tell all, or something odd."""
    patients = pl.concat([tables.scan(f"{QUARANTINE}/{name}").select("_scope") for name in names])
    bad = tables.scan(ENCOUNTERS).join(patients, left_on="patient_id", right_on="_scope", how="semi")
    parts = [bad.select("encounter_id")]
    for table, column, codes in ((MEDICATIONS, "drug_code", DRUGS), (PROCEDURES, "procedure_code", CODES)):
        rows = tables.scan(table)
        unknown = rows.join(tables.scan(codes).select(column), on=column, how="anti")
        odd = rows.filter(pl.col("_warnings").list.contains(IMPLAUSIBLE))
        parts += [unknown.select("encounter_id"), odd.select("encounter_id")]
    return pl.concat(parts).unique()


def _newest(tables: LakeTables) -> str:
    """Return the folder of the newest delivery that brought claims."""
    return tables.scan(CLAIMS).select(folder().max()).collect().item() or INITIAL
