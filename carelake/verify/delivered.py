"""Delivered text as values: the keys and times that tell versions of one row apart."""

import polars as pl

from carelake.contract import Column

BLANKS = " \t\u00a0"
DATES = ("%Y-%m-%d", "%m/%d/%Y", "%Y%m%d", "%d-%b-%Y")
MINUTES = ("%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M")
ISO = ("%Y-%m-%d %H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%dT%H:%M:%S%.fZ", "%Y-%m-%d %H:%M:%S%.fZ")
MALFORMED = ("unclosed_quote", "column_count", "cut_off_line", "nul_byte", "line_too_long")
"""Rules that a line breaks before it has columns."""
DIGITS = {"%m/%d/%Y": 10, "%Y%m%d": 8, "%Y-%m-%d": 10, "%d-%b-%Y": 11}


def value(column: Column) -> pl.Expr:
    """Return a column of bronze in its contract's type; null where the text is missing or unreadable."""
    text = pl.col(column.name).str.strip_chars(BLANKS)
    text = pl.when(text != "").then(text)
    if column.type == "date":
        return _date(text).alias(column.name)
    if column.type == "timestamp":
        times = [text.str.to_datetime(form, strict=False, time_unit="us") for form in (*ISO, *MINUTES)]
        return pl.coalesce(*times, _date(text).cast(pl.Datetime("us"))).alias(column.name)
    return _conformed(text, column).alias(column.name)


def _date(text: pl.Expr) -> pl.Expr:
    # Without the length "%Y%m%d" would read other texts of digits, too.
    parsed = [
        pl.when(text.str.len_chars() == DIGITS[form]).then(text.str.to_date(form, strict=False))
        for form in DATES
    ]
    return pl.coalesce(*parsed)


def _conformed(text: pl.Expr, column: Column) -> pl.Expr:
    cased = {
        "upper": text.str.to_uppercase(),
        "lower": text.str.to_lowercase(),
        "code": text.str.to_uppercase().str.replace_all(".", "", literal=True),
    }.get(column.case or "", text)
    known = {name.lower(): name for name in column.values} | column.synonyms
    return text.str.to_lowercase().replace_strict(known, default=cased) if known else cased
