"""Keys that refer to another table: each must resolve to the right row, or be flagged as unknown."""

from dataclasses import dataclass

import polars as pl

from carelake.contract import Column, Contract
from carelake.registry import Registry
from carelake.verify.check import Check, compared, not_checked, sentences
from carelake.verify.fates import SILVER, places
from carelake.verify.outcomes import BROKEN, UNRESOLVED, is_of, triples
from carelake.verify.tables import FILE, PLACE, ROW, LakeTables

PATIENT_KEY = "patient_sk"
NATURAL_ENDINGS = ("_id", "_code")
EVENT_DAYS = {
    "gold/fact_encounters": "admitted_at",
    "gold/fact_claims": "service_from",
    "gold/fact_claim_reviews": "service_from",
    "gold/fact_procedures": "performed_at",
    "gold/fact_medications": "started_on",
    "gold/fact_enrollment": "segment_start",
    "gold/fact_stays": "admitted_at",
    "gold/fact_surveys": "sent_on",
    "gold/fact_adverse_events": "occurred_at",
    "gold/fact_observations": "observed_at",
    "gold/fact_treatments": "started_on",
}
"""Day on which a fact's patient is looked up."""


NOTHING = pl.DataFrame(
    schema={FILE: pl.String, ROW: pl.Int64, "rule": pl.String, "target": pl.String, "value": pl.String}
)
"""No unknown reference: the shape of `unresolved`."""


@dataclass(frozen=True)
class Link:
    """A column that refers to a key of another gold table, and the natural keys of both, if they have one."""

    table: str
    column: str
    target: str
    key: str
    natural: str | None
    target_natural: str | None

    @property
    def name(self) -> str:
        """Name of the check."""
        return f"references/{self.table}.{self.column}"


def unresolved(contract: Contract, tables: LakeTables) -> pl.DataFrame:
    """Return the references of a silver table that no dimension knows: place, rule, target and value."""
    found = [
        _unknown(contract, column, tables)
        for column in contract.columns
        if column.reference and not column.reference.within_patient
        if tables.exists(f"gold/{column.reference.table}")
    ]
    return pl.concat([NOTHING, *found])


def flagged(
    contract: Contract, unknown: pl.DataFrame, delivered: pl.DataFrame, defects: pl.DataFrame
) -> Check:
    """Compare the unknown references in a silver table with those that the truth lists."""
    planted = defects.filter(
        is_of(contract.name) & (pl.col("severity") == "warning") & pl.col("rule").str.ends_with(UNRESOLVED)
    )
    expected = planted.select(BROKEN).join(places(delivered, SILVER), on=PLACE, how="semi")
    return triples(f"unresolved/{contract.name}", expected, unknown.select(BROKEN))


def links(registry: Registry) -> list[Link]:
    """Return the references of all gold tables, as their contracts state them."""
    return [
        _link(contract, column, registry)
        for contract in registry.layer("gold")
        for column in contract.columns
        if column.reference
    ]


def resolved(link: Link, tables: LakeTables, known_unknown: pl.DataFrame) -> Check:
    """Check that every key of a column leads to the row it should, or to a value flagged as unknown.

    `known_unknown` holds target and value of the references that may stay unresolved. A key that leads to
    another row than its natural key says is a false alarm; the patient's version has a check of its own.
    """
    rows = _refering(link, tables)
    lost = rows.filter(pl.col("_found").is_null())
    allowed = known_unknown.filter(pl.col("target") == link.target).select(pl.col("value").alias("_natural"))
    explained = lost.join(allowed.unique(), on="_natural", how="semi")
    unexplained = lost.height - explained.height
    astray = rows.filter(
        pl.col("_found").is_not_null() & pl.col("_natural").ne_missing(pl.col("_target_natural"))
    )
    detail = sentences(
        f"{unexplained} rows lead to nothing in {link.target} and aren't flagged" if unexplained else "",
        f"{astray.height} rows lead to another {link.target_natural} than their {link.natural}"
        if astray.height
        else "",
        f"{explained.height} flagged: not in {link.target}" if explained.height else "",
    )
    return compared(link.name, rows.height, unexplained, astray.height, detail=detail)


def in_force(table: str, tables: LakeTables) -> Check:
    """Check that a fact's `patient_sk` is the version in force on its day, null where there is none."""
    name = f"in_force/{table}"
    event = EVENT_DAYS.get(table)
    if event is None:
        return not_checked(name, f"{table} has a {PATIENT_KEY} and verify knows no day of its events")
    counts = _versions(table, event, tables)
    detail = sentences(
        f"{counts['missing']} rows have no {PATIENT_KEY} though a version was in force"
        if counts["missing"]
        else "",
        f"{counts['wrong']} rows have another version than that on their {event}" if counts["wrong"] else "",
        f"{counts['before']} rows lie before the patient's first version" if counts["before"] else "",
    )
    return compared(name, counts["expected"], counts["missing"], counts["wrong"], detail=detail)


def _versions(table: str, event: str, tables: LakeTables) -> dict[str, int]:
    """Count the rows with a version in force, without one, and with none or another than that."""
    events = tables.scan(table).select("patient_id", PATIENT_KEY, pl.col(event).cast(pl.Date).alias("_day"))
    versions = tables.scan("gold/dim_patient").select(
        "patient_id", "valid_from", "valid_to", pl.col(PATIENT_KEY).alias("_expected")
    )
    begun = events.sort("_day").join_asof(
        versions.sort("valid_from"),
        left_on="_day",
        right_on="valid_from",
        by="patient_id",
        strategy="backward",
        check_sortedness=False,
    )
    is_over = (pl.col("valid_to") <= pl.col("_day")).fill_null(False)
    rows = begun.with_columns(pl.when(~is_over).then("_expected").alias("_expected")).select(
        missing=(pl.col(PATIENT_KEY).is_null() & pl.col("_expected").is_not_null()).sum(),
        wrong=(pl.col(PATIENT_KEY).is_not_null() & pl.col(PATIENT_KEY).ne_missing(pl.col("_expected"))).sum(),
        expected=pl.col("_expected").is_not_null().sum(),
        before=pl.col("_expected").is_null().sum(),
    )
    return rows.collect().row(0, named=True)


def _unknown(contract: Contract, column: Column, tables: LakeTables) -> pl.DataFrame:
    assert column.reference is not None
    target = f"gold/{column.reference.table}"
    known = tables.scan(target).select(pl.col(column.reference.column).alias("value"))
    rows = tables.scan(contract.table).select(*PLACE, pl.col(column.name).alias("value"))
    lost = rows.filter(pl.col("value").is_not_null()).join(known, on="value", how="anti").collect()
    named = {"rule": f"{column.name}{UNRESOLVED}", "target": target}
    return lost.select(*PLACE, *(pl.lit(text).alias(name) for name, text in named.items()), "value")


def _link(contract: Contract, column: Column, registry: Registry) -> Link:
    assert column.reference is not None
    target = registry.contracts[f"gold/{column.reference.table}"]
    stem, is_surrogate, _ = column.name.rpartition("_sk")
    entity = target.name.removeprefix("dim_")
    pairs = [(f"{stem}{ending}", f"{entity}{ending}") for ending in NATURAL_ENDINGS]
    known = [pair for pair in pairs if is_surrogate and pair[0] in contract.names and pair[1] in target.names]
    own, theirs = known[0] if known else (None, None)
    return Link(contract.table, column.name, target.table, column.reference.column, own, theirs)


def _refering(link: Link, tables: LakeTables) -> pl.DataFrame:
    """Return the rows that refer to something, with what is found there: key and natural keys of both."""
    natural, target_natural = link.natural or link.column, link.target_natural or link.key
    # Who has no version in force refers to none, so that a patient's number alone asks for nothing.
    asks = natural if link.column != PATIENT_KEY else link.column
    refers = pl.col(asks).is_not_null() | pl.col(link.column).is_not_null()
    rows = (
        tables.scan(link.table)
        .filter(refers)
        .select(pl.col(link.column).alias("_key"), pl.col(natural).cast(pl.String).alias("_natural"))
    )
    known = tables.scan(link.target).select(
        pl.col(link.key).alias("_key"),
        pl.col(target_natural).cast(pl.String).alias("_target_natural"),
        pl.lit(True).alias("_found"),
    )
    return rows.join(known, on="_key", how="left").collect()
