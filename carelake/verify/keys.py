"""Primary keys of silver and gold, and gold against the silver tables it carries on."""

from collections.abc import Iterator
from dataclasses import dataclass

import polars as pl

from carelake.contract import Contract
from carelake.registry import Registry
from carelake.verify.check import Check, compared, listed, sentences
from carelake.verify.reconcile import cents_of
from carelake.verify.tables import LakeTables


@dataclass(frozen=True)
class Grain:
    """A gold table holds each key of a silver table, and no other.

    `whole`: one row for one, so that columns of the same name hold the same values. `only` restricts the
    gold table to the rows that come from that silver table.
    """

    gold: str
    silver: str
    key: tuple[str, ...]
    whole: bool = True
    only: tuple[str, str] | None = None


GRAINS = (
    Grain("gold/dim_patient", "silver/patients", ("patient_id",), whole=False),
    Grain("gold/dim_provider", "silver/providers", ("provider_id",)),
    Grain("gold/dim_facility", "silver/facilities", ("facility_id",)),
    Grain("gold/fact_encounters", "silver/encounters", ("encounter_id",)),
    Grain("gold/fact_claims", "silver/claims", ("claim_id",)),
    Grain("gold/fact_claim_reviews", "silver/claim_reviews", ("review_id",)),
    Grain("gold/fact_procedures", "silver/procedures", ("procedure_id",)),
    Grain("gold/fact_medications", "silver/medications", ("medication_id",)),
    Grain("gold/fact_surveys", "silver/surveys", ("survey_id",)),
    Grain("gold/fact_adverse_events", "silver/adverse_events", ("adverse_event_id",)),
    Grain("gold/fact_enrollment", "silver/enrollment", ("patient_id",), whole=False),
    Grain("gold/fact_observations", "silver/observations", ("observation_id",)),
    Grain("gold/fact_treatments", "silver/treatments", ("treatment_id",)),
    Grain(
        "gold/fact_quality_measures",
        "silver/cms_measures",
        ("facility_id", "measure_id", "period_start"),
        only=("source", "cms_measures"),
    ),
    Grain("gold/fact_bed_days", "silver/beds", ("facility_id", "unit", "bed_date")),
    Grain("gold/fact_staffing", "silver/staffing", ("facility_id", "unit", "shift_date", "role")),
)
CLAIMS = Grain("gold/fact_claims", "silver/claims", ("claim_id",))


def unique(contract: Contract, tables: LakeTables) -> Check:
    """Check that a table's primary key is whole and there once; `missing` counts rows without a key."""
    keys = tables.read(contract.table, *contract.keys)
    missing = keys.filter(pl.any_horizontal(pl.all().is_null())).height
    alarms = keys.height - keys.n_unique()
    detail = sentences(
        f"{missing} rows without {' or '.join(contract.keys)}" if missing else "",
        f"{alarms} rows whose {', '.join(contract.keys)} is there already" if alarms else "",
    )
    return compared(f"unique/{contract.table}", keys.height, missing, alarms, detail=detail)


def grains(registry: Registry, tables: LakeTables) -> Iterator[Check]:
    """Hold gold tables against the silver tables whose keys they carry."""
    for grain in GRAINS:
        if all(tables.exists(table) for table in (grain.gold, grain.silver)):
            yield _same_keys(grain, tables)
            if grain.whole:
                yield _same_values(grain, registry, tables)


def money(tables: LakeTables, registry: Registry) -> Iterator[Check]:
    """Hold the sums of claims, and of their nets, against silver."""
    if not all(tables.exists(table) for table in (CLAIMS.gold, CLAIMS.silver)):
        return
    silver = registry.contracts[CLAIMS.silver]
    columns = [column.name for column in silver.columns if column.type.startswith("decimal")]
    nets = [f"net_{name}" for name in columns]
    wanted = tables.scan(CLAIMS.silver).select(cents_of(name).sum() for name in columns).collect()
    found = tables.scan(CLAIMS.gold).select(cents_of(name).sum() for name in [*columns, *nets]).collect()
    for name in [*columns, *nets]:
        expected, total = wanted[name.removeprefix("net_")].item(), found[name].item()
        difference = total - expected
        detail = f"{CLAIMS.silver} holds {expected} cents, {CLAIMS.gold} {total}" if difference else ""
        yield compared(
            f"money/fact_claims.{name}",
            expected,
            max(-difference, 0),
            max(difference, 0),
            unit="cents",
            detail=detail,
        )


def _gold(grain: Grain, tables: LakeTables) -> pl.LazyFrame:
    rows = tables.scan(grain.gold)
    return rows.filter(pl.col(grain.only[0]) == grain.only[1]) if grain.only else rows


def _same_keys(grain: Grain, tables: LakeTables) -> Check:
    key = list(grain.key)
    expected = tables.scan(grain.silver).select(key).unique().collect()
    found = _gold(grain, tables).select(key).unique().collect()
    missing = expected.join(found, on=key, how="anti").height
    extra = found.join(expected, on=key, how="anti").height
    detail = sentences(
        f"{missing} {', '.join(key)} of {grain.silver} are not there" if missing else "",
        f"{extra} are not in {grain.silver}" if extra else "",
    )
    return compared(f"grain/{grain.gold}", expected.height, missing, extra, unit="keys", detail=detail)


def _same_values(grain: Grain, registry: Registry, tables: LakeTables) -> Check:
    """Compare the columns that both tables have under one name, for the keys that both have."""
    key = list(grain.key)
    silver = registry.contracts[grain.silver]
    there = set(_gold(grain, tables).collect_schema().names())
    shared = [name for name in silver.names if name in there and name not in key]
    wanted = tables.scan(grain.silver).select(*key, *shared)
    pairs = _gold(grain, tables).select(*key, *shared).join(wanted, on=key, how="inner", suffix="_silver")
    differs = [pl.col(name).ne_missing(pl.col(f"{name}_silver")) for name in shared]
    counts = pairs.select(
        pl.len().alias("_rows"),
        pl.any_horizontal(differs).sum().alias("_off"),
        *(condition.sum().alias(name) for name, condition in zip(shared, differs, strict=True)),
    ).collect()
    rows, off = counts["_rows"].item(), counts["_off"].item()
    faults = [f"{name} in {counts[name].item()} rows" for name in shared if counts[name].item()]
    detail = f"another value than in {grain.silver}: {listed(faults)}" if off else ""
    return compared(f"values/{grain.gold}", rows, off, off, detail=detail)
