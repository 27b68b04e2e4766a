"""From delivered text to a typed value: what can be read is repaired, what cannot becomes null."""

from collections.abc import Callable
from functools import reduce
from operator import or_

from pyspark.sql import Column as SparkColumn
from pyspark.sql import functions as F

from carelake.contract import Column

BLANKS = " \t\u00a0"
ISO_DATE = r"^\d{4}-\d{2}-\d{2}$"
ISO_TIMESTAMP = r"^\d{4}-\d{2}-\d{2}[ T]\d{2}:\d{2}:\d{2}(\.\d{1,6})?(Z|[+-]\d{2}:\d{2})?$"
CANONICAL_TIMESTAMP = r"^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}$"
INTEGER = r"^-?\d+$"
NUMBER = r"^-?\d+(\.\d+)?$"
CENTS = r"^-?\d+(\.\d{1,2})?$"
OTHER_DATES = ("MM/dd/yyyy", "yyyyMMdd", "dd-MMM-yyyy")
OTHER_TIMESTAMPS = ("MM/dd/yyyy HH:mm:ss", "MM/dd/yyyy HH:mm")
TRUTHS = {"true": True, "t": True, "yes": True, "y": True, "1": True}
FALSEHOODS = {"false": False, "f": False, "no": False, "n": False, "0": False}


def trimmed(raw: SparkColumn) -> SparkColumn:
    """Return the delivered text without surrounding blanks; null where nothing is left."""
    # Told what to trim, Spark copies a string for every character: a fifth of judging large tables.
    has_others = reduce(or_, (F.contains(raw, F.lit(blank)) for blank in BLANKS if blank != " "))
    text = F.when(has_others, F.btrim(raw, F.lit(BLANKS))).otherwise(F.trim(raw))
    return F.when(text != "", text)


def has_text(raw: SparkColumn) -> SparkColumn:
    """Tell whether the delivered text is more than blanks; slower than `trimmed`, but sooner planned."""
    return F.btrim(raw, F.lit(BLANKS)) != ""


def repaired(column: Column, raw: SparkColumn) -> SparkColumn:
    """Return the value in the contract's type; null where the text is missing or of no known format."""
    read = _reader(column.type)(trimmed(raw), column).cast(column.type)
    if column.type == "string":
        return read
    # Most texts need no repair: one look tells, and the several of a repair are for the others.
    return F.when(_looks_canonical(column, raw), raw.try_cast(column.type)).otherwise(read)


def is_canonical(column: Column, raw: SparkColumn, value: SparkColumn) -> SparkColumn:
    """Tell whether the delivered text needed no repair to become the value."""
    return raw == value if column.type == "string" else _looks_canonical(column, raw)


def _looks_canonical(column: Column, raw: SparkColumn) -> SparkColumn:
    patterns = {
        "date": ISO_DATE,
        "timestamp": CANONICAL_TIMESTAMP,
        "int": INTEGER,
        "bigint": INTEGER,
        "double": NUMBER,
        "boolean": "^(true|false)$",
    }
    return raw.rlike(patterns.get(column.type, CENTS))


def _reader(kind: str) -> Callable[[SparkColumn, Column], SparkColumn]:
    readers = {"string": _string, "date": _date, "timestamp": _timestamp, "boolean": _boolean}
    return readers.get(kind, _number)


def _string(text: SparkColumn, column: Column) -> SparkColumn:
    cased = {
        "upper": F.upper(text),
        "lower": F.lower(text),
        "code": F.upper(F.replace(text, F.lit("."), F.lit(""))),
    }.get(column.case or "", text)
    if not column.values:
        return cased
    known = {value.lower(): value for value in column.values} | column.synonyms
    pairs = [F.lit(part) for pair in known.items() for part in pair]
    return F.coalesce(F.try_element_at(F.create_map(*pairs), F.lower(text)), cased)


def _date(text: SparkColumn, column: Column) -> SparkColumn:
    others = [F.try_to_date(text, pattern) for pattern in OTHER_DATES]
    return F.when(text.rlike(ISO_DATE), text.try_cast("date")).otherwise(F.coalesce(*others))


def _timestamp(text: SparkColumn, column: Column) -> SparkColumn:
    others = [F.try_to_timestamp(text, F.lit(pattern)) for pattern in OTHER_TIMESTAMPS]
    return F.when(text.rlike(ISO_TIMESTAMP), text.try_cast("timestamp")).otherwise(
        F.coalesce(*others, _date(text, column).cast("timestamp"))
    )


def _number(text: SparkColumn, column: Column) -> SparkColumn:
    plain = F.regexp_replace(text, r"[$,]", "")
    pattern = INTEGER if column.type in ("int", "bigint") else NUMBER
    return F.when(plain.rlike(pattern), plain.try_cast(column.type))


def _boolean(text: SparkColumn, column: Column) -> SparkColumn:
    pairs = [F.lit(part) for pair in (TRUTHS | FALSEHOODS).items() for part in pair]
    return F.try_element_at(F.create_map(*pairs), F.lower(text))
