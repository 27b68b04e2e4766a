"""The law that lets an incremental run use the same code as a full one, for every gold table.

What a table makes of its inputs restricted to some scopes is what it makes of all of them, restricted to the
same scopes. The rows are generated from the contracts, over few values, so that keys and days collide.
"""

from functools import reduce
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contract import ALL
from jobs.gold.dimensions.dim_patient import dim_patient
from tests.generated import SCOPES, rows
from tests.tables import contract, contracts, made, table

SCOPED = [name for name, gold in sorted(contracts("gold").items()) if gold.scope != ALL]


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
