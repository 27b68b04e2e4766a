"""The sealed truth that the generator wrote: what the sound rows delivered so far imply."""

import json
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import polars as pl

from carelake.errors import CarelakeError
from carelake.verify.tables import FILE, INITIAL, ROW

FIRST_LINE = 2
"""Line of a CSV file that its first data row is on."""
MONTHS = 12


@dataclass(frozen=True)
class Truth:
    """Where the truth lies and which deliveries it describes: folders below the landing zone."""

    folder: Path
    deliveries: tuple[str, ...]

    def defects(self) -> pl.DataFrame:
        """Return what was planted: file, row, rule and severity, several lines where a row breaks several."""
        found = self._read("defects.csv").select(
            pl.col("file").alias(FILE), pl.col("row").cast(pl.Int64).alias(ROW), "rule", "severity"
        )
        return found.unique(maintain_order=True)

    def history(self) -> pl.DataFrame:
        """Return the history that `dim_patient` must hold, all text, with the `line` each row is on."""
        return self._read("patient_history.csv").with_row_index("line", FIRST_LINE)

    def claims(self) -> pl.DataFrame:
        """Return every claim delivered, with its scheme of fraud, empty where it is honest."""
        return self._read("claims.csv")

    def stays(self) -> pl.DataFrame:
        """Return every acute stay, all text: class, reasons against it, whether planned, who came back."""
        return self._read("stays.csv")

    def patients(self) -> pl.DataFrame:
        """Return every patient's expected cost of the twelve months after an as-of date, all text."""
        return self._read("patients.csv")

    def _read(self, name: str) -> pl.DataFrame:
        path = self.folder / name
        try:
            return pl.read_csv(path, infer_schema=False)
        except (OSError, pl.exceptions.PolarsError) as problem:
            raise CarelakeError(f"{path}: not a usable truth file: {problem}; generate it again") from problem


def read_truth(folder: Path) -> Truth | None:
    """Return the truth in a folder; None where there is none, as beside a real source."""
    path = folder / "generator.json"
    if not path.is_file():
        return None
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        end, count = date.fromisoformat(said["end"]), int(said["deliveries"])
    except (KeyError, TypeError, ValueError) as problem:
        raise CarelakeError(f"{path}: `end` or `deliveries` can't be read: {problem!r}") from problem
    return Truth(folder, (INITIAL, *(_folder(end, number) for number in range(1, count + 1))))


def _folder(end: date, number: int) -> str:
    """Return the folder of the delivery that covers the month `number` months after that of `end`."""
    months = end.year * MONTHS + end.month - 1 + number + 1
    return date(months // MONTHS, months % MONTHS + 1, 1).isoformat()
