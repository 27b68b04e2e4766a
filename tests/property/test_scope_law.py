"""The law that lets an incremental run use the same code as a full one, for every gold table.

What a table makes of its inputs restricted to some scopes is what it makes of all of them, restricted to the
same scopes. The rows are generated from the contracts, over few values, so that keys and days collide.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contract import ALL, Column, Contract
from jobs.gold.dimensions.dim_patient import dim_patient
from tests.tables import contract, contracts, made, table

SCOPES = tuple("ABCDEF")
DAYS = st.integers(0, 40).map(lambda day: date(2024, 1, 1) + timedelta(days=day))
BY_TYPE: dict[str, st.SearchStrategy[Any]] = {
    "string": st.sampled_from(["x", "y", "z"]),
    "array<string>": st.lists(st.sampled_from(["x", "y", "z"]), unique=True, max_size=2).map(sorted),
    "date": DAYS,
    "timestamp": st.builds(
        lambda day, hour: datetime(day.year, day.month, day.day, hour), DAYS, st.integers(0, 23)
    ),
    "int": st.integers(1, 9),
    "double": st.integers(0, 40).map(lambda number: number / 8),
    "boolean": st.booleans(),
    "decimal(12,2)": st.integers(-999, 999).map(lambda cents: Decimal(cents) / 100),
    "decimal(18,2)": st.integers(-999, 999).map(lambda cents: Decimal(cents) / 100),
}
SCOPED = [name for name, gold in sorted(contracts("gold").items()) if gold.scope != ALL]


def values(column: Column, scope: str) -> st.SearchStrategy[Any]:
    if column.name == scope:
        return st.sampled_from(SCOPES)
    known = st.sampled_from(sorted(column.values)) if column.values else BY_TYPE[column.type]
    return known if column.required else st.one_of(st.none(), known)


def rows(source: Contract, scope: str) -> st.SearchStrategy[list[dict[str, Any]]]:
    row = st.fixed_dictionaries({column.name: values(column, scope) for column in source.columns})
    return st.lists(row, max_size=30, unique_by=lambda row: tuple(row[key] for key in keys(source, scope)))


def keys(source: Contract, scope: str) -> list[str]:
    """A row's key, and its scope: silver lets a key stand with one patient only, here it may collide."""
    return [*source.keys, *({scope} & set(source.names) - set(source.keys))]


def inputs(name: str) -> st.SearchStrategy[dict[str, list[dict[str, Any]]]]:
    """Rows of what is restricted to scopes, of horizons, and of gold tables that are read whole."""
    gold = contract(name)
    sources = {read.table for read in gold.reads if not read.table.startswith("reference/")}
    if "gold/dim_patient" in sources:
        sources = sources - {"gold/dim_patient"} | {"silver/patients"}
    return st.fixed_dictionaries({source: rows(contract(source), gold.scope) for source in sorted(sources)})


def result(spark, name: str, drawn: dict[str, list[dict[str, Any]]], chosen: set[str] | None) -> DataFrame:
    gold = contract(name)
    arguments = {}
    for read in gold.reads:
        versions_of_patients = read.table == "gold/dim_patient"
        source = "silver/patients" if versions_of_patients else read.table
        frame = table(spark, source, drawn.get(source, []))
        if chosen is not None and read.mode == "scoped":
            frame = restricted(frame, gold.scope, chosen)
        frame = dim_patient(frame) if versions_of_patients else frame
        arguments[read.name] = frame.select(*read.columns) if read.columns else frame
    return made(gold, **arguments)


def restricted(frame: DataFrame, scope: str, chosen: set[str]) -> DataFrame:
    wanted = [F.col(scope) == value for value in sorted(chosen)]
    return frame.where(reduce(lambda one, other: one | other, wanted, F.lit(False)))


def contents(frame: DataFrame) -> list[str]:
    return sorted(repr(row) for row in frame.collect())


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", SCOPED)
@settings(max_examples=3)
@given(data=st.data(), chosen=st.sets(st.sampled_from(SCOPES), min_size=1, max_size=4))
def test_restriction_commutes_with_the_table(spark, name, data, chosen):
    drawn = data.draw(inputs(name))
    alone = contents(result(spark, name, drawn, chosen))
    whole = result(spark, name, drawn, None)
    assert alone == contents(restricted(whole, contract(name).scope, chosen))
