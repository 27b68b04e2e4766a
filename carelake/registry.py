"""Which tables there are, what reads what, and in which order they are built; free of Spark."""

import importlib
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cached_property
from graphlib import CycleError, TopologicalSorter
from importlib.util import find_spec
from pathlib import Path

from carelake.contract import Contract
from carelake.contracts import read_contract
from carelake.errors import ContractError, UsageError


@dataclass(frozen=True)
class Registry:
    """The contracts of all tables that some packages make."""

    contracts: dict[str, Contract]

    @classmethod
    def of(cls, *packages: str) -> "Registry":
        """Read the contracts beside the modules of installed packages."""
        found = (
            read_contract(path) for package in packages for path in sorted(_folder(package).rglob("*.yaml"))
        )
        return cls({contract.table: contract for contract in found})

    @cached_property
    def order(self) -> list[str]:
        """Tables in an order in which each comes after those it reads."""
        graph = {table: self.upstream(table) for table in self.contracts}
        try:
            return list(TopologicalSorter(graph).static_order())
        except CycleError as problem:
            raise ContractError(f"tables read each other in a circle: {problem.args[1]}") from problem

    def upstream(self, table: str) -> list[str]:
        """Return the tables with contracts that a table reads."""
        return [read.table for read in self.contracts[table].reads if read.table in self.contracts]

    @property
    def layers(self) -> list[str]:
        """Layers in an order in which each comes after those its tables read; bronze is one that is read."""
        graph: dict[str, set[str]] = {}
        for contract in self.contracts.values():
            read = {read.table.partition("/")[0] for read in contract.reads}
            graph.setdefault(contract.layer, set()).update(read - {contract.layer, "reference"})
        return list(TopologicalSorter(graph).static_order())

    def layer(self, layer: str) -> list[Contract]:
        """Return the contracts of a layer in building order."""
        return [self.contracts[table] for table in self.order if table.startswith(f"{layer}/")]

    def choose(self, names: Iterable[str]) -> set[str]:
        """Return the tables of the given names, with or without their layer; UsageError on an unknown one."""
        chosen = set()
        for name in names:
            found = [table for table in self.contracts if name in (table, table.partition("/")[2])]
            if not found:
                known = ", ".join(sorted(self.contracts))
                raise UsageError(f"there is no table {name}; the tables are: {known}")
            chosen.update(found)
        return chosen


def _folder(package: str) -> Path:
    spec = find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        raise ContractError(f"package {package} isn't installed")
    return Path(next(iter(spec.submodule_search_locations)))


def transformation(contract: Contract) -> Callable[..., object]:
    """Return the function that makes a table: it has the table's name, in the module beside the contract."""
    module = importlib.import_module(contract.module)
    try:
        return getattr(module, contract.name)  # type: ignore[no-any-return]
    except AttributeError as problem:
        raise ContractError(f"{contract.module} has no function {contract.name}") from problem
