"""The rules of a contract as Columns: each gives its id where a row breaks it, and null where it passes."""

import re
from collections.abc import Iterator

from pyspark.sql import Column as SparkColumn
from pyspark.sql import functions as F

from carelake.contract import Column, Contract, Rule, Severity
from carelake.quality.repair import has_text, is_canonical

ORPHAN = "orphan"
SUPERSEDED = "superseded"
MALFORMED = "_malformed"
"""Field of `_rescued` with the rule that a line broke before it had columns."""
ENCODING = "_encoding"
"""Field of `_rescued` with the encoding a line had to be read in."""
LINE = "_line"
"""Field of `_rescued` with the text of a malformed line."""
LINE_RULES = {
    "unclosed_quote": "A quote opens and doesn't close on its line.",
    "column_count": "The line has more or fewer fields than the header.",
    "cut_off_line": "The file ends in the middle of its last line.",
    "nul_byte": "The line holds a NUL byte.",
    "line_too_long": "The line is longer than 1 MiB.",
}
SEPARATOR = "\x1f"
"""Between ids of rules, or parts of a key, in one text; a control character, so none of them holds it."""
DELIVERED = "_delivered"
"""Struct of the texts as delivered, beside the typed columns of the same names."""


def errors(contract: Contract) -> SparkColumn:
    """Return the sorted ids of the row-local `error` rules a row breaks; a malformed line breaks just one."""
    malformed = rescued(MALFORMED)
    return F.when(malformed.isNotNull(), F.array(malformed)).otherwise(_broken(contract, "error"))


def warnings(contract: Contract) -> SparkColumn:
    """Return the sorted ids of the row-local `warning` rules a row breaks."""
    return _broken(contract, "warning")


def beside(contract: Contract, column: Column) -> list[Rule]:
    """Return the rules that name columns of the row a column refers to, as `table.column`."""
    return [rule for rule in contract.rules if column.reference and named(rule, column.reference.table)]


def named(rule: Rule, table: str) -> set[str]:
    """Return the columns of another table that a rule names."""
    return set(re.findall(rf"\b{table}\.(\w+)", rule.expression))


def broken(rules: list[Rule], severity: Severity) -> list[SparkColumn]:
    """Return per rule of a severity its id where a row breaks it."""
    return [F.when(~F.expr(rule.expression), rule.id) for rule in rules if rule.severity == severity]


def ids(found: list[SparkColumn]) -> SparkColumn:
    """Return ids, of texts or arrays that may be null, as an array: sorted, each once."""
    # By way of one text: nearly every row breaks no rule, and to search an array of nulls takes long.
    # Not by array_sort and array_compact: their lambdas would keep all these rules from being compiled.
    split = F.split(F.concat_ws(SEPARATOR, *found), SEPARATOR)
    return F.sort_array(F.array_except(split, F.array(F.lit(""))))


def rescued(field: str) -> SparkColumn:
    """Return a field of what the reader kept aside of a row; null where it kept nothing."""
    return F.get_json_object("_rescued", f"$.{field}")


def rule_ids(contract: Contract, severity: Severity) -> set[str]:
    """Return the ids of every rule of a silver table: the line's, the columns', the contract's own."""
    derived = {f"{column.name}_{fault}" for column in contract.columns for fault in _faults(column, severity)}
    own = {rule.id for rule in contract.rules if rule.severity == severity}
    common = {*LINE_RULES, ORPHAN} if severity == "error" else {"encoding_repaired"}
    return derived | own | common


def _faults(column: Column, severity: Severity) -> list[str]:
    if severity == "error":
        return ["missing"] * column.required + ["unparseable"] * (column.type != "string")
    return ["repaired"] + ["unknown"] * bool(column.values) + ["unresolved"] * bool(column.reference)


def _broken(contract: Contract, severity: Severity) -> SparkColumn:
    derive = _column_errors if severity == "error" else _column_warnings
    derived = [rule for column in contract.columns for rule in derive(column)]
    elsewhere = [rule for column in contract.columns for rule in beside(contract, column)]
    own = broken([rule for rule in contract.rules if rule not in elsewhere], severity)
    if severity == "warning":
        own.append(F.when(rescued(ENCODING).isNotNull(), "encoding_repaired"))
    return ids([*derived, *own])


def _column_errors(column: Column) -> Iterator[SparkColumn]:
    raw, value = F.col(f"{DELIVERED}.{column.name}"), F.col(column.name)
    missing = F.lit(f"{column.name}_missing" if column.required else None)
    if column.type != "string":
        fault = F.when(has_text(raw), f"{column.name}_unparseable").otherwise(missing)
        yield F.when(value.isNull(), fault)
    elif column.required:
        yield F.when(value.isNull(), missing)


def _column_warnings(column: Column) -> Iterator[SparkColumn]:
    raw, value = F.col(f"{DELIVERED}.{column.name}"), F.col(column.name)
    yield F.when(value.isNotNull() & ~is_canonical(column, raw, value), f"{column.name}_repaired")
    if column.values:
        yield F.when(~value.isin(*column.values), f"{column.name}_unknown")
