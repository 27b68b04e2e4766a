"""Rows generated from the contracts, over few values, so that keys and days collide."""

from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

from hypothesis import strategies as st

from carelake.contract import Column, Contract

SCOPES = tuple("ABCDEF")
TEXTS = ("x", "y", "z")
DAYS = st.integers(0, 40).map(lambda day: date(2024, 1, 1) + timedelta(days=day))
MONEY = st.integers(-999, 999).map(lambda cents: Decimal(cents) / 100)
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(TEXTS),
    "array<string>": st.lists(st.sampled_from(TEXTS), unique=True, max_size=2).map(sorted),
    "date": DAYS,
    "timestamp": st.builds(
        lambda day, hour: datetime(day.year, day.month, day.day, hour), DAYS, st.integers(0, 23)
    ),
    "int": st.integers(1, 9),
    "double": st.integers(0, 40).map(lambda number: number / 8),
    "boolean": st.booleans(),
    "decimal(12,2)": MONEY,
    "decimal(18,2)": MONEY,
}


def values(column: Column, scope: str) -> st.SearchStrategy[Any]:
    """Return values of a column: one of a few scopes, a value the contract lists, or one of the type."""
    if column.name == scope:
        return st.sampled_from(SCOPES)
    known = st.sampled_from(sorted(column.values)) if column.values else BY_TYPE[column.type]
    return known if column.required else st.one_of(st.none(), known)


def rows(source: Contract, scope: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    """Return lists of rows without repeated keys."""
    row = st.fixed_dictionaries({column.name: values(column, scope) for column in source.columns})
    return st.lists(row, max_size=30, unique_by=lambda row: tuple(row[key] for key in keys(source, scope)))


def keys(source: Contract, scope: str) -> list[str]:
    """A row's key, and its scope: silver lets a key stand with one patient only, here it may collide."""
    return [*source.keys, *({scope} & set(source.names) - set(source.keys))]
