"""The judgement of delivered rows: into silver, into quarantine, or superseded by another version."""

from collections.abc import Mapping
from typing import cast

from pyspark.sql import Column as SparkColumn
from pyspark.sql import DataFrame, Window
from pyspark.sql import functions as F

from carelake.contract import Column, Contract, Reference, Rule
from carelake.quality.repair import repaired
from carelake.quality.rules import (
    DELIVERED,
    LINE,
    MALFORMED,
    ORPHAN,
    SEPARATOR,
    beside,
    broken,
    errors,
    ids,
    named,
    rescued,
    warnings,
)
from carelake.scopes import NO_SCOPE, SCOPE

OUTCOME = "_outcome"
SILVER, QUARANTINE, SUPERSEDED = "silver", "quarantine", "superseded"
SOURCE = ["_source_file", "_source_row", "_batch_id"]


def judge(contract: Contract, bronze: DataFrame, parents: Mapping[str, DataFrame]) -> DataFrame:
    """Return every delivered row, typed, with its outcome and why.

    `parents` are the tables that the contract's within-patient references, and its rules, name. Grain: a row
    of bronze. A row is sound when it breaks no `error` rule; of a key's sound rows the latest `updated_at`
    wins, ties by row hash and then by source, so that the order of arrival never matters.
    """
    within = [c for c in contract.columns if c.reference and c.reference.within_patient]
    elsewhere = [c for c in within if c.reference and c.reference.table != contract.name]
    own = [c for c in within if c not in elsewhere]
    rows = _checked(contract, _typed(contract, bronze))
    for column in elsewhere:
        rows = _flag_orphans(rows, column, parents)
    for column in contract.columns:
        if rules := beside(contract, column):
            rows = _checked_beside(rows, column, rules, parents)
    rows = _keep_raw(rows, own)
    for column in own:
        rows = _add_reason(rows, column, _has_sound_original(contract, column))
    return _with_outcome(contract, rows)


def scope_of(contract: Contract) -> SparkColumn:
    """Return the scope a bronze row belongs to, as text; rows without one share a scope of their own."""
    column = contract.column(contract.scope)
    return F.coalesce(repaired(column, F.col(column.name)).cast("string"), F.lit(NO_SCOPE))


def key_of(contract: Contract) -> SparkColumn:
    """Return the primary key of a bronze row as one value; null where a part is missing or unreadable."""
    parts = [repaired(contract.column(key), F.col(key)) for key in contract.keys]
    return _all_present(parts)


def _typed(contract: Contract, bronze: DataFrame) -> DataFrame:
    raw = {column.name: F.col(column.name) for column in contract.columns}
    typed = [repaired(column, raw[column.name]).alias(column.name) for column in contract.columns]
    delivered = F.struct(*raw.values()).alias(DELIVERED)
    return bronze.select(*typed, delivered, "_rescued", *SOURCE, scope_of(contract).alias(SCOPE))


def _checked(contract: Contract, rows: DataFrame) -> DataFrame:
    key = _all_present([F.col(name) for name in contract.keys])
    return rows.withColumns({"_reasons": errors(contract), "_warnings": warnings(contract), "_key": key})


def _flag_orphans(rows: DataFrame, column: Column, parents: Mapping[str, DataFrame]) -> DataFrame:
    reference = cast("Reference", column.reference)
    belongs = _belongs(column)
    known = parents[reference.table].select(*_as_referred(column, belongs))
    found = rows.join(known.distinct().withColumn("_found", F.lit(True)), on=belongs, how="left")
    return _add_reason(found, column, F.col("_found").isNotNull()).drop("_found")


def _checked_beside(
    rows: DataFrame, column: Column, rules: list[Rule], parents: Mapping[str, DataFrame]
) -> DataFrame:
    """Judge the rules that name the row a column refers to; a row that refers to none passes them."""
    table = cast("Reference", column.reference).table
    belongs = _belongs(column)
    wanted = sorted(set().union(*(named(rule, table) for rule in rules)))
    known = parents[table].select(*_as_referred(column, belongs), F.struct(*wanted).alias(table))
    found = rows.join(known, on=belongs, how="left")
    lists = {"_reasons": broken(rules, "error"), "_warnings": broken(rules, "warning")}
    longer = {name: ids([F.col(name), *new]) for name, new in lists.items() if new}
    return found.withColumns(longer).drop(table)


def _belongs(column: Column) -> list[str]:
    """Return the columns that lead to the row referred to: within a patient, the patient's too."""
    within = cast("Reference", column.reference).within_patient and column.name != "patient_id"
    return ["patient_id", column.name] if within else [column.name]


def _as_referred(column: Column, belongs: list[str]) -> list[SparkColumn]:
    """Return a parent's columns under the names of those that refer to them."""
    key = cast("Reference", column.reference).column
    return [F.col(key if name == column.name else name).alias(name) for name in belongs]


def _keep_raw(rows: DataFrame, still_to_check: list[Column]) -> DataFrame:
    """Keep the raw text of rows that are bad or may turn out so: sound rows needn't carry it along."""
    is_suspect = F.size("_reasons") > 0
    for column in still_to_check:
        is_suspect = is_suspect | F.col(column.name).isNotNull()
    text = F.when(rescued(MALFORMED).isNotNull(), rescued(LINE)).otherwise(F.to_json(DELIVERED))
    return rows.withColumn("_raw", F.when(is_suspect, text)).drop(DELIVERED, "_rescued")


def _has_sound_original(contract: Contract, column: Column) -> SparkColumn:
    group = F.coalesce(F.col(column.name), F.col(contract.keys[0]))
    original = F.col(column.name).isNull() & (F.size("_reasons") == 0)
    return F.coalesce(F.max(original).over(Window.partitionBy("patient_id", group)), F.lit(False))


def _add_reason(rows: DataFrame, column: Column, is_resolved: SparkColumn) -> DataFrame:
    is_orphan = F.col(column.name).isNotNull() & ~is_resolved
    reasons = F.sort_array(F.array_union("_reasons", F.array(F.lit(ORPHAN))))
    return rows.withColumn("_reasons", F.when(is_orphan, reasons).otherwise(F.col("_reasons")))


def _with_outcome(contract: Contract, rows: DataFrame) -> DataFrame:
    hashed = rows.withColumns(
        {
            "_row_hash": _hash(contract),
            "_sound": F.size("_reasons") == 0,
            "_group": F.coalesce(F.col("_key"), F.concat_ws("|", F.lit("no key"), *SOURCE)),
        }
    )
    versions = Window.partitionBy("_group").orderBy(
        F.col("_sound").desc(), F.col("updated_at").desc_nulls_last(), F.col("_row_hash").desc(), *SOURCE
    )
    winner = {
        "_rank": F.row_number().over(versions),
        "_winner_sound": F.first("_sound").over(versions),
        "_winner_updated_at": F.first("updated_at").over(versions),
    }
    is_older = F.col("updated_at").isNull() | (F.col("updated_at") <= F.col("_winner_updated_at"))
    outcome = (
        F.when(F.col("_sound") & (F.col("_rank") == 1), SILVER)
        .when(F.col("_sound") | (F.col("_winner_sound") & is_older), SUPERSEDED)
        .otherwise(QUARANTINE)
    )
    return hashed.withColumns(winner).withColumn(OUTCOME, outcome)


def _hash(contract: Contract) -> SparkColumn:
    # The hash skips nulls, so which columns are null must go in as well.
    nulls = F.array(*(F.col(name).isNull() for name in contract.names))
    return F.xxhash64(*contract.names, nulls)


def _all_present(parts: list[SparkColumn]) -> SparkColumn:
    texts = [part.cast("string") for part in parts]
    missing = F.array_contains(F.array(*(text.isNull() for text in texts)), True)
    return F.when(~missing, F.concat_ws(SEPARATOR, *texts))
