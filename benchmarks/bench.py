"""What the rows of the report work with: scratch lakes of a size, and commands run on them."""

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from benchmarks.measure import Cost, measure
from datagenerator.arguments import Arguments

DEFAULT_PATIENTS = Arguments().patients


@dataclass(frozen=True)
class Pair:
    """Two costs to compare, and the words for them."""

    work: str
    against: str
    aim: float
    ours: Cost
    other: Cost


class Row(Protocol):
    """Measures one line of the report at its own size, or at another."""

    def __call__(self, bench: "Bench", patients: int | None) -> Iterator[Pair]:
        """Give each pair as soon as it is measured."""


@dataclass(frozen=True)
class Bench:
    """A checkout of Carelake to measure, and a folder to work in."""

    checkout: Path
    folder: Path

    @property
    def programs(self) -> Path:
        """Folder of the checkout's programs."""
        return self.checkout / ".venv/bin"

    def carelake(self, data: Path, *arguments: str, **environment: str) -> Cost:
        """Run a command of the checkout on a data folder."""
        return self.run([str(self.programs / "carelake"), *arguments], data, **environment)

    def run(self, command: list[str], data: Path, **environment: str) -> Cost:
        """Run any command with the data folder set, and the checkout's programs found first."""
        path = os.pathsep.join([str(self.programs), os.environ["PATH"]])
        known = {"CARELAKE_DATA_DIR": str(data), "PATH": path, **environment}
        return measure(command, known, self.checkout)

    def generate(self, data: Path, patients: int, *more: str) -> Cost:
        """Have a landing zone generated; encounters and claims stand to patients as they do by default."""
        sizes = {"--patients": patients, "--encounters": patients * 5, "--claims": patients * 10}
        asked = [str(part) for pair in sizes.items() for part in pair]
        return self.carelake(data, "generate", *asked, "--output", str(data / "landing_zone"), *more)

    @contextmanager
    def data(self, name: str) -> Iterator[Path]:
        """Give an empty data folder that is gone afterwards."""
        folder = self.folder / name
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)
