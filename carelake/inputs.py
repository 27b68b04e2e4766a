"""The inputs of a table as a run finds them: pinned, stamped, readable whole, in part, or as changes."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

import pyarrow as pa
from pyspark.sql import Column, DataFrame, SparkSession
from pyspark.sql import functions as F

from carelake.bronze import bronze_columns, ddl
from carelake.contract import Contract, Input
from carelake.delta import Lake
from carelake.quality.judge import scope_of
from carelake.registry import Registry
from carelake.scopes import scopes
from carelake.states import State, keeps_changes

NOTHING = "none"
"""Stamp of a table that doesn't exist yet."""


class References(Protocol):
    """Code sets that come with the project or its libraries, by name."""

    def version(self, name: str) -> str:
        """Return what changes when the code set changes."""

    def load(self, name: str) -> pa.Table:
        """Return the code set."""


@dataclass(frozen=True)
class Pinned:
    """One input at the version a run found; `state` is None for a table that isn't there and a reference."""

    read: Input
    stamp: str
    state: State | None
    frame: Callable[[], DataFrame]

    def stale_since(self, noted: str | None) -> bool:
        """Tell whether the input changed since a stamp was noted."""
        return noted != self.stamp

    def is_same_shape(self, noted: str | None) -> bool:
        """Tell whether changes since the stamp can be read from the change feed."""
        return noted == NOTHING or (noted or "").partition(":")[0] == self.stamp.partition(":")[0]


def pin(contract: Contract, lake: Lake, registry: Registry, references: References) -> list[Pinned]:
    """Pin all inputs of a table at the versions they have now."""
    return [_pin(contract, read, lake, registry, references) for read in contract.reads]


def has_newer_inputs(contract: Contract, lake: Lake) -> bool:
    """Tell whether there are tables to make a table of, and it wasn't made of these versions of them."""
    state = lake.state(contract.table)
    noted = state.note.inputs if state else {}
    found = {read.table: lake.state(read.table) for read in contract.reads}
    return any(now is not None and now.stamp != noted.get(table) for table, now in found.items())


def is_followed(pinned: Pinned, noted: str, lake: Lake) -> bool:
    """Tell whether what changed in an input since the noted stamp can still be told from the rest."""
    if pinned.state is None or not pinned.is_same_shape(noted):
        return False
    return keeps_changes(lake.path(pinned.read.table), _version(noted))


def touched_by(contract: Contract, pinned: Pinned, noted: str, lake: Lake) -> DataFrame:
    """Return the scopes whose rows in an input changed since the noted stamp, old image and new."""
    return scopes(_changes(pinned, noted, lake), scope_column(contract, pinned.read))


def only_inserts(pinned: Pinned, noted: str, lake: Lake) -> bool:
    """Tell whether an input only gained rows since the noted stamp."""
    return _changes(pinned, noted, lake).where(F.col("_change_type") != "insert").isEmpty()


def differs(pinned: Pinned, noted: str, lake: Lake) -> bool:
    """Tell whether the columns read of an input hold other values than at the noted stamp."""
    is_new = F.col("_change_type").isin("insert", "update_postimage")
    balance = F.sum(F.when(is_new, 1).otherwise(-1)).alias("_balance")
    values = _changes(pinned, noted, lake).groupBy(*pinned.read.columns).agg(balance)
    return not values.where(F.col("_balance") != 0).isEmpty()


def _changes(pinned: Pinned, noted: str, lake: Lake) -> DataFrame:
    assert pinned.state is not None
    return lake.changes(pinned.read.table, _version(noted), pinned.state.version)


def _version(noted: str) -> int:
    """Return the version that a stamp tells of; -1 comes before the first."""
    return -1 if noted == NOTHING else int(noted.partition(":")[2])


def scope_column(contract: Contract, read: Input) -> Column:
    """Return the Column that gives a row's scope in an input of a table."""
    return scope_of(contract) if read.table.startswith("bronze/") else F.col(contract.scope)


def _pin(contract: Contract, read: Input, lake: Lake, registry: Registry, references: References) -> Pinned:
    if read.table.startswith("reference/"):
        return Pinned(
            read,
            references.version(read.name),
            None,
            lambda: lake.session.createDataFrame(references.load(read.name)),
        )
    state = lake.state(read.table)
    if state is None:
        return Pinned(read, NOTHING, None, lambda: _empty(contract, read, lake.session, registry))
    return Pinned(read, state.stamp, state, lambda: lake.read(read.table, state.version))


def _empty(contract: Contract, read: Input, session: SparkSession, registry: Registry) -> DataFrame:
    if read.table.startswith("bronze/"):
        return session.createDataFrame([], ddl(bronze_columns(contract)))
    return session.createDataFrame([], registry.contracts[read.table].struct())
