import pytest

from tests.tables import contract, contracts, made, table

GOLD = sorted(contracts("gold"))


@pytest.mark.parametrize("name", GOLD)
def test_a_table_has_the_columns_of_its_contract(spark, name):
    """Names, order and types; made of nothing it is empty."""
    gold = contract(name)
    result = made(gold, **{read.name: table(spark, read.table) for read in gold.reads})
    assert result.schema.simpleString() == gold.struct().simpleString()
    assert result.collect() == []
