"""A lake that dies after a given number of commits, for tests of runs that are cut short."""

from collections.abc import Callable
from pathlib import Path
from threading import Lock

import pyarrow as pa
from pyspark.sql import DataFrame, SparkSession

from carelake.delta import Lake
from carelake.states import Note


class Killed(BaseException):
    """Stands for a kill: nothing catches it on purpose, and nothing is committed after it."""


def die() -> None:
    """End like a killed process, as far as the lake can tell."""
    raise Killed


class FragileLake(Lake):
    """A lake whose process ends when `commits` have been made; None never ends it.

    `made` counts the commits. After the last one every other dies too, also those of other threads.
    """

    def __init__(
        self,
        root: Path,
        start_session: Callable[[], SparkSession],
        commits: int | None = None,
        end: Callable[[], None] = die,
    ) -> None:
        super().__init__(root, start_session)
        self.commits = commits
        self.end = end
        self.made = 0
        self._committing = Lock()

    def append(self, table: str, rows: DataFrame, note: Note) -> None:
        with self._committing:
            self._count(lambda: super(FragileLake, self).append(table, rows, note))

    def overwrite(self, table: str, rows: DataFrame, note: Note, *, keep_schema: bool = False) -> None:
        with self._committing:
            self._count(
                lambda: super(FragileLake, self).overwrite(table, rows, note, keep_schema=keep_schema)
            )

    def _change(self, table: str, changes: pa.Table, columns: list[str], keys: list[str], note: Note) -> None:
        with self._committing:
            self._count(lambda: super(FragileLake, self)._change(table, changes, columns, keys, note))

    def _merge(
        self, table: str, difference: DataFrame, columns: list[str], keys: list[str], note: Note
    ) -> None:
        with self._committing:
            self._count(lambda: super(FragileLake, self)._merge(table, difference, columns, keys, note))

    def _count(self, commit: Callable[[], None]) -> None:
        if self.commits is not None and self.made >= self.commits:
            self.end()
        commit()
        self.made += 1
        if self.made == self.commits:
            self.end()
