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
