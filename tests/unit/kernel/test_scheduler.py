"""Tables are built after those they read, side by side where they can be, and a failure names its table."""

import threading

import pytest

from carelake.builder import Built
from carelake.contract import Input
from carelake.errors import CarelakeError, ContractError
from carelake.scheduler import build_all
from tests.builders import small_contract


def tables(**reads: list[str]):
    return [
        small_contract(f"gold/{name}", reads=tuple(Input(f"gold/{read}", "scoped") for read in found))
        for name, found in reads.items()
    ]


def ignored(event):
    """Hear nothing."""


def built(contract):
    return [Built(contract.table, "built", 0.0)]


def test_what_is_read_is_built_first_and_results_keep_the_order_given():
    began = []

    def build(contract):
        began.append(contract.name)
        return built(contract)

    done = build_all(tables(c=["b", "elsewhere"], b=["a"], a=[]), build, 3, ignored)
    assert began == ["a", "b", "c"]
    assert [one.table for one in done] == ["gold/c", "gold/b", "gold/a"]


def test_independent_tables_are_built_side_by_side():
    both = threading.Barrier(2, timeout=10)

    def build(contract):
        both.wait()
        return built(contract)

    assert len(build_all(tables(a=[], b=[]), build, 2, ignored)) == 2


def test_a_failure_names_its_table_in_one_line_and_stops_what_has_not_begun():
    began = []

    def build(contract):
        began.append(contract.name)
        raise ValueError("first line\nmore of the trace")

    with pytest.raises(CarelakeError, match=r"^gold/a could not be built: first line$"):
        build_all(tables(a=[], b=["a"]), build, 2, ignored)
    assert began == ["a"]


def test_an_error_that_explains_itself_is_passed_on():
    def build(contract):
        raise ContractError("as it is")

    with pytest.raises(ContractError, match=r"^as it is$"):
        build_all(tables(a=[]), build, 1, ignored)


def test_no_tables_are_no_work():
    assert build_all([], built, 1, ignored) == []
