"""Treatments against what else is known of their patients: what they suffer from, and when they died."""

from collections.abc import Iterator
from pathlib import PurePosixPath

import polars as pl

from carelake.verify.check import Check, compared, not_checked, sentences
from carelake.verify.outcomes import located
from carelake.verify.progress import Progress
from carelake.verify.tables import INITIAL, PLACE, LakeTables, folder
from carelake.verify.truth import Truth

SILVER, FACT, PATIENTS = "silver/treatments", "gold/fact_treatments", "gold/dim_patient"
SOURCES = ("diagnoses", "registry")
CODED = ["patient_id", "diagnosis_code"]


def checks(tables: LakeTables, progress: Progress, truth: Truth | None) -> Iterator[Check]:
    """Check the treatments of a lake that a truth describes; a real source may hold what it likes."""
    needed = {
        "coded/treatments": [SILVER, "gold/dim_diagnosis", *(f"silver/{name}" for name in SOURCES)],
        "outlived/fact_treatments": [FACT, PATIENTS],
    }
    for name, names in needed.items():
        if truth is None:
            yield not_checked(name, progress.unknown_truth)
        elif all(tables.exists(table) for table in names):
            yield coded(tables) if SILVER in names else outlived(tables)


def coded(tables: LakeTables) -> Check:
    """Check that patients are treated for what their diagnoses or the registry code.

    Left out are patients of whom some coding is in quarantine or unknown, and treatments of the newest
    delivery: a coding may come one delivery late.
    """
    known = tables.scan("gold/dim_diagnosis").select("diagnosis_code")
    sound = _delivered_before_the_newest(tables).join(known, on="diagnosis_code", how="semi")
    sources = [tables.scan(f"silver/{name}").select(CODED) for name in SOURCES]
    codings = pl.concat(sources)
    strange = codings.join(known, on="diagnosis_code", how="anti").select("patient_id")
    spoiled = [
        tables.scan(f"quarantine/{name}").select(pl.col("_scope").alias("patient_id"))
        for name in SOURCES
        if tables.exists(f"quarantine/{name}")
    ]
    held = sound.join(pl.concat([strange, *spoiled]), on="patient_id", how="anti").collect()
    unfounded = held.lazy().join(codings, on=CODED, how="anti").collect()
    missing = unfounded.height
    detail = f"for no diagnosis of the patient's: {located(unfounded)}" if missing else ""
    return compared("coded/treatments", held.height, missing, 0, unit="treatments", detail=detail)


def outlived(tables: LakeTables) -> Check:
    """Check that no treatment begins or ends after the death of its patient."""
    deaths = tables.scan(PATIENTS).filter("is_current").select("patient_id", "death_date")
    rows = tables.scan(FACT).select("patient_id", "started_on", "ended_on").join(deaths, on="patient_id")
    died = pl.col("death_date")
    counts = rows.select(
        rows=pl.len(),
        started=(pl.col("started_on") > died).sum(),
        ended=((pl.col("ended_on") > died) & (pl.col("started_on") <= died)).sum(),
    )
    found = counts.collect().row(0, named=True)
    detail = sentences(
        f"{found['started']} begin after the patient's death" if found["started"] else "",
        f"{found['ended']} end after it" if found["ended"] else "",
    )
    alarms = found["started"] + found["ended"]
    return compared("outlived/fact_treatments", found["rows"], 0, alarms, unit="treatments", detail=detail)


def _delivered_before_the_newest(tables: LakeTables) -> pl.LazyFrame:
    """Return the treatments of all deliveries but the newest; of the initial extract alone, all."""
    loaded = {PurePosixPath(file).parent.as_posix() for name in SOURCES for file in tables.register(name)}
    rows = tables.scan(SILVER).select(*CODED, *PLACE)
    return rows if loaded <= {INITIAL} else rows.filter(folder() != max(loaded))
