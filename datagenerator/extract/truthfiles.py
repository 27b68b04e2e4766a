"""The truth's files, written block by block and put in key order at the end."""

import json
import shutil
from dataclasses import asdict
from pathlib import Path

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.extract.truth import COLUMNS, DEFECTS

NUMBER = slice(1, 9)
LATER = "later"


def described(arguments: Arguments, deliveries: int) -> dict[str, object]:
    """Return the arguments as `generator.json` keeps them: less where and how, plus the deliveries made."""
    known = {name: value for name, value in asdict(arguments).items() if name not in ("output", "workers")}
    dates = {"start": arguments.start.isoformat(), "end": arguments.end.isoformat()}
    return {**known, **dates, "deliveries": deliveries}


class TruthFiles:
    """Collects the truth in parts, each in key order, that only need to be put one behind another.

    Every id has its patient's number in it. Those there from the start come in block order; the few who join
    later have numbers above them all, and are sorted at the end.
    """

    def __init__(self, folder: Path, arguments: Arguments) -> None:
        self.folder = folder
        self.parts = folder / "parts"
        self.arguments = arguments
        self.parts.mkdir(parents=True)

    def write(self, tables: dict[str, pd.DataFrame]) -> None:
        """Append one block's tables, sorted by their first column."""
        for name, table in tables.items():
            number = table[table.columns[0]].str[NUMBER].astype(int)
            newcomers = number > self.arguments.patients
            self._append(f"{name}.first", table[~newcomers])
            self._append(f"{name}.{LATER}", table[newcomers])

    def defects(self, file: str, rows: pd.DataFrame) -> None:
        """Append the defects of a part of a landing file; `row` counts within the file."""
        self._append(f"defects.{file.replace('/', '%')}", rows.assign(file=file)[DEFECTS])

    def _append(self, part: str, table: pd.DataFrame) -> None:
        table.to_csv(self.parts / part, mode="a", index=False, header=False, lineterminator="\n")

    def finish(self, deliveries: int) -> None:
        """Put the parts together, in key order, and note the arguments."""
        for name, columns in {**COLUMNS, "defects": DEFECTS}.items():
            with (self.folder / f"{name}.csv").open("wb") as whole:
                whole.write((",".join(columns) + "\n").encode())
                for part in sorted(self.parts.glob(f"{name}.*")):
                    lines = part.read_bytes()
                    is_later = part.name.endswith(LATER)
                    whole.write(b"".join(sorted(lines.splitlines(True))) if is_later else lines)
        shutil.rmtree(self.parts)
        text = json.dumps(described(self.arguments, deliveries), indent=2)
        (self.folder / "generator.json").write_text(text + "\n", encoding="utf-8")
