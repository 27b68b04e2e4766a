import re

import pytest

from carelake.contract import ALL
from jobs import reference
from tests.tables import contract, contracts

GOLD = sorted(contracts("gold"))


@pytest.mark.parametrize("name", GOLD)
def test_the_scope_is_a_column_of_the_table_and_of_every_scoped_input(name):
    gold = contract(name)
    if gold.scope == ALL:
        assert gold.scope_reason, "say why the table can only be made whole"
        return
    scoped = [read.table for read in gold.reads if read.mode == "scoped"]
    assert scoped, "a table with a scope reads something within it"
    for table in [name, *scoped]:
        assert gold.scope in contract(table).names


@pytest.mark.parametrize("name", GOLD)
def test_every_reference_leads_to_a_column_of_a_gold_table(name):
    for column in contract(name).columns:
        if column.reference is not None:
            target = contract(f"gold/{column.reference.table}")
            assert target.column(column.reference.column).type == column.type


@pytest.mark.parametrize("name", GOLD)
def test_what_a_table_reads_is_there(name):
    for read in contract(name).reads:
        layer, _, short = read.table.partition("/")
        if layer == "reference":
            assert read.mode == "global"
            assert short in reference.names()
        else:
            assert read.table in contracts(layer)


@pytest.mark.parametrize("name", GOLD)
def test_the_columns_that_a_table_reads_are_those_of_its_input(name):
    """They decide what touches it, so they are told only of what is read whole."""
    for read in contract(name).reads:
        if read.columns:
            assert read.mode == "global"
            assert set(read.columns) <= set(contract(read.table).names)


@pytest.mark.parametrize("name", GOLD)
def test_what_awaits_a_horizon_is_told_by_own_columns_and_only_where_one_is_read(name):
    gold = contract(name)
    has_horizon = any(read.mode == "horizon" for read in gold.reads)
    assert has_horizon == (gold.awaits is not None)
    assert set(re.findall(r"\b[a-z]\w*", gold.awaits or "")) <= set(gold.names)
