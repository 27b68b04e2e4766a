"""Tables are built after those they read, and chosen by name."""

import pytest

from carelake.contract import Input
from carelake.errors import ContractError, UsageError
from carelake.registry import Registry, transformation
from tests.builders import small_contract


def registry(**reads: list[str]) -> Registry:
    contracts = [
        small_contract(table.replace("__", "/"), reads=tuple(Input(read, "scoped") for read in read_tables))
        for table, read_tables in reads.items()
    ]
    return Registry({contract.table: contract for contract in contracts})


LAKE = registry(
    gold__fact=["gold/dim", "silver/b"],
    gold__dim=["silver/a", "reference/codes"],
    silver__b=["bronze/b", "silver/a"],
    silver__a=["bronze/a"],
)


def test_a_table_comes_after_those_it_reads():
    assert LAKE.order.index("silver/a") < LAKE.order.index("silver/b") < LAKE.order.index("gold/fact")
    assert LAKE.order.index("gold/dim") < LAKE.order.index("gold/fact")
    assert sorted(LAKE.order) == sorted(LAKE.contracts)


def test_only_tables_with_contracts_are_upstream():
    assert LAKE.upstream("gold/dim") == ["silver/a"]


def test_a_layer_comes_in_building_order():
    assert [contract.table for contract in LAKE.layer("gold")] == ["gold/dim", "gold/fact"]


def test_tables_are_chosen_with_or_without_their_layer():
    assert LAKE.choose(["a", "gold/fact"]) == {"silver/a", "gold/fact"}


def test_an_unknown_table_is_refused_and_the_known_ones_named():
    with pytest.raises(UsageError, match=r"no table c; .*gold/dim, gold/fact, silver/a, silver/b") as problem:
        LAKE.choose(["a", "c"])
    assert problem.value.exit_code == 2


def test_tables_that_read_each_other_are_named():
    with pytest.raises(ContractError, match=r"circle.*silver/a"):
        _ = registry(silver__a=["silver/b"], silver__b=["silver/a"]).order


def test_a_package_that_isn_t_there_is_named():
    with pytest.raises(ContractError, match="no_such_jobs"):
        Registry.of("no_such_jobs")


def test_a_contract_without_its_function_is_named():
    with pytest.raises(ContractError, match=r"carelake\.errors has no function nothing"):
        transformation(small_contract("silver/nothing", module="carelake.errors"))
