"""A whole generation: blocks made by several processes, written in their order as they come."""

import json
import multiprocessing
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.extract.block import Part, Result, Task, made
from datagenerator.extract.layout import LAYOUTS
from datagenerator.extract.organisations import organisation_parts
from datagenerator.extract.rendering import header
from datagenerator.extract.truthfiles import TruthFiles
from datagenerator.extract.wards import ward_parts
from datagenerator.periods import path, period
from datagenerator.reports.bed_days import added, shape

WRITTEN_AFTER = pd.Timedelta(hours=6)
Engine = Callable[[list[Task], int], AbstractContextManager[Iterator[Result]]]
"""Makes the blocks of tasks with so many workers, and gives the results in the order of the tasks."""


@contextmanager
def processes(tasks: list[Task], workers: int) -> Iterator[Iterator[Result]]:
    """Give the results in the order of the tasks; `spawn` behaves alike on every system."""
    if workers == 1 or len(tasks) == 1:
        yield map(made, tasks)
        return
    with multiprocessing.get_context("spawn").Pool(min(workers, len(tasks))) as pool:
        yield pool.imap(made, tasks)


@dataclass(frozen=True)
class Making:
    """How a generation is made: by which engine, and what is called after each block."""

    engine: Engine = processes
    advance: Callable[[], None] = lambda: None


def build(
    arguments: Arguments, deliveries: int, write_from: int, landing: Path, truth: Path, making: Making
) -> None:
    """Write the deliveries from `write_from` to `deliveries` below `landing`, and the whole truth.

    What is written depends on the arguments and `deliveries`, never on where the blocks are made.
    """
    tasks = [Task(arguments, block, deliveries, write_from) for block in blocks(arguments)]
    landing.mkdir(parents=True)
    writer = _Writer(arguments, landing, TruthFiles(truth, arguments))
    census, measures = pd.DataFrame(), pd.DataFrame()
    bed_days = np.zeros(np.prod(shape(arguments, deliveries)), dtype=np.int64)
    with making.engine(tasks, arguments.workers) as results:
        for result in results:
            writer.write(result.parts)
            writer.truth.write(result.truth)
            census = _added(census, result.census)
            measures = _added(measures, result.measures)
            bed_days = added(bed_days, result.bed_days)
            making.advance()
    writer.write(organisation_parts(census, measures, arguments, deliveries, write_from))
    for parts in ward_parts(bed_days, arguments, deliveries, write_from):
        writer.write(parts)
    for number in range(write_from, deliveries + 1):
        writer.announce(number)
    writer.truth.finish(deliveries)


def _added(total: pd.DataFrame, sums: pd.DataFrame) -> pd.DataFrame:
    if total.empty:
        return sums
    return total.add(sums, fill_value=0).astype("int64")


class _Writer:
    """Appends parts to the files of the deliveries and counts their rows."""

    def __init__(self, arguments: Arguments, landing: Path, truth: TruthFiles) -> None:
        self.arguments = arguments
        self.landing = landing
        self.truth = truth
        self.rows: dict[tuple[int, str], int] = {}

    def write(self, parts: dict[tuple[int, str], Part]) -> None:
        """Append the parts, and note their defects under the row numbers of the file."""
        for (number, name), part in parts.items():
            before = self.rows.get((number, name), 0)
            self.rows[number, name] = before + part.rows
            file = path(self.arguments, number, LAYOUTS[name].file)
            self.truth.defects(file, part.defects.assign(row=part.defects["_row"] + before))
            if part.data is not None and (part.rows or number == 0):
                self._append(self.landing / file, part.data, LAYOUTS[name].name)

    def _append(self, target: Path, data: bytes, name: str) -> None:
        target.parent.mkdir(exist_ok=True)
        if not target.exists():
            target.write_bytes(header(LAYOUTS[name]))
        with target.open("ab") as file:
            file.write(data)

    def announce(self, number: int) -> None:
        """Write what the source says of a delivery beside its files."""
        now = period(self.arguments, number)
        counts = {LAYOUTS[name].file: rows for (k, name), rows in self.rows.items() if k == number}
        said = {
            "delivery": now.folder,
            "data_through": str(now.data_through),
            "updated_at": str(now.data_through + WRITTEN_AFTER),
            "rows": {file: rows for file, rows in counts.items() if rows or number == 0},
        }
        target = self.landing / path(self.arguments, number, "_delivery.json")
        target.parent.mkdir(exist_ok=True)
        target.write_text(json.dumps(said, indent=2) + "\n", encoding="utf-8")
