"""What a table is: columns, keys, references, rules, inputs and scope, as its contract states them."""

import hashlib
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from pyspark.sql import Column as SparkColumn
    from pyspark.sql.types import StructType

Severity = Literal["error", "warning"]
ALL = "all"
"""Scope of a table that can only be computed whole."""


@dataclass(frozen=True)
class Reference:
    """A column's values are keys of another table.

    `within_patient`: the parent belongs to the same patient, so a missing one makes the row an orphan;
    elsewhere a missing parent is a warning that resolves by itself.
    """

    table: str
    column: str
    within_patient: bool


@dataclass(frozen=True)
class Column:
    """One column: `type` is Spark's name of it, `classification` the HIPAA identifier class or `none`."""

    name: str
    type: str
    description: str
    key_position: int = 0
    required: bool = False
    classification: str = "none"
    unit: str | None = None
    case: str | None = None
    values: dict[str, str] = field(default_factory=dict)
    synonyms: dict[str, str] = field(default_factory=dict)
    reference: Reference | None = None


@dataclass(frozen=True)
class Rule:
    """A row breaks the rule when the Spark SQL `expression` is false; null passes."""

    id: str
    expression: str
    description: str
    severity: Severity


@dataclass(frozen=True)
class Input:
    """A table read: `scoped` inputs are restricted to the touched scopes, `global` ones are read whole.

    A change of a global input touches all scopes; where it names `columns`, only one of their values does,
    and it is read with them alone. A `horizon` is read whole too, but only says how far the data reaches:
    new rows touch the scopes whose rows await more data (the contract's `awaits`), any other change all.
    """

    table: str
    mode: Literal["scoped", "global", "horizon"]
    columns: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """Name of the table without its layer."""
        return self.table.rpartition("/")[2]


@dataclass(frozen=True)
class Contract:
    """One table of the lake; `table` is its layer and name, such as `silver/encounters`.

    `awaits` is a Spark SQL condition on the table's own columns: such rows may change when the horizon moves.
    """

    table: str
    version: str
    description: str
    grain: str
    domain: str
    columns: tuple[Column, ...]
    rules: tuple[Rule, ...]
    reads: tuple[Input, ...]
    scope: str
    module: str
    scope_reason: str | None = None
    awaits: str | None = None
    quarantine_bound: float = 0.10

    @property
    def name(self) -> str:
        """Name of the table without its layer."""
        return self.table.rpartition("/")[2]

    @property
    def layer(self) -> str:
        """Layer of the table."""
        return self.table.partition("/")[0]

    @cached_property
    def names(self) -> list[str]:
        """Names of the columns in order."""
        return [column.name for column in self.columns]

    @cached_property
    def keys(self) -> list[str]:
        """Names of the primary key's columns in order."""
        keyed = [column for column in self.columns if column.key_position]
        return [column.name for column in sorted(keyed, key=lambda column: column.key_position)]

    @cached_property
    def fingerprint(self) -> str:
        """Short hash of all that decides a table's rows: with another one the table is made anew."""
        decisive = (self.columns, self.rules, self.reads, self.scope, self.awaits)
        return hashlib.sha256(repr(decisive).encode()).hexdigest()[:12]

    def column(self, name: str) -> Column:
        """Return a column by name; KeyError if the contract has none of that name."""
        for column in self.columns:
            if column.name == name:
                return column
        raise KeyError(f"{self.table} has no column {name}")

    def ddl(self) -> str:
        """Return the columns as a DDL schema."""
        return ", ".join(f"`{column.name}` {column.type}" for column in self.columns)

    def struct(self) -> "StructType":
        """Return the columns as a Spark schema."""
        from pyspark.sql.types import StructType

        return cast("StructType", StructType.fromDDL(self.ddl()))

    def select(self) -> list["SparkColumn"]:
        """Return the columns in order, cast to their types: the `select` a transformation ends in."""
        from pyspark.sql import functions as F

        return [F.col(column.name).cast(column.type).alias(column.name) for column in self.columns]
