"""What a run tells while it works; its log and, where one is set, a lineage server listen."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from carelake.builder import Built
from carelake.contract import Contract


@dataclass(frozen=True)
class RunStarted:
    """A command began to work on the lake."""

    command: str


@dataclass(frozen=True)
class FilesLoaded:
    """Files of the landing zone, by their names in it, became rows of a silver table's bronze."""

    contract: Contract
    files: list[str]
    rows: int
    set_aside: int
    seconds: float


@dataclass(frozen=True)
class GateChecked:
    """The quality gate was asked; `breaches` are the deliveries past their bound of quarantined rows."""

    breaches: int


@dataclass(frozen=True)
class TableStarted:
    """A table began to be built."""

    contract: Contract


@dataclass(frozen=True)
class TableBuilt:
    """What became of a table; a silver table comes with its quarantine."""

    contract: Contract
    built: list[Built]


@dataclass(frozen=True)
class TableFailed:
    """A table could not be built; the run's failures say why."""

    contract: Contract
    problem: BaseException


@dataclass(frozen=True)
class TableMaintained:
    """Data files of a table before and after, whether it was compacted, and what left its folder."""

    table: str
    files_before: int
    files_after: int
    is_compacted: bool
    files_removed: int
    bytes_freed: int
    seconds: float

    @property
    def is_changed(self) -> bool:
        """There was something to be done."""
        return self.is_compacted or self.files_removed > 0


@dataclass(frozen=True)
class RunEnded:
    """How a run ended: the tables it wrote and left as they were, its failures, and its seconds."""

    outcome: Literal["done", "failed"]
    files: int
    rows_read: int
    written: int
    current: int
    failures: int
    seconds: float


Event = (
    RunStarted
    | FilesLoaded
    | GateChecked
    | TableStarted
    | TableBuilt
    | TableFailed
    | TableMaintained
    | RunEnded
)
Listener = Callable[[Event], None]
"""Called from the threads that build tables, several at once."""
