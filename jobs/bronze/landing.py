"""What lies in the landing zone and hasn't been consumed yet."""

import hashlib
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path, PurePosixPath
from typing import Any

from carelake.contract import Contract
from jobs.bronze.deliveries import DELIVERY, announced_rows, delivery_header
from jobs.bronze.headers import Header, read_header

BLOCK_BYTES = 1 << 20

Register = dict[str, dict[str, Any]]
"""Per consumed file its content hash, and its rows, or what it was the same as, or why it was set aside."""


@dataclass(frozen=True)
class Days:
    """A range of days, both included; deliveries are in it by the day that names their folder.

    The initial extract lies before all deliveries: it is in a range without a first day.
    """

    since: date | None = None
    until: date | None = None

    def hold(self, file: str) -> bool:
        """Tell whether a file, named relative to the landing zone, is of a delivery of these days."""
        if self.since is None and self.until is None:
            return True
        folder = PurePosixPath(file).parent.as_posix()
        if folder == ".":
            return self.since is None
        try:
            day = date.fromisoformat(folder)
        except ValueError:
            return False
        return (self.since or day) <= day <= (self.until or day)


EVER = Days()


@dataclass(frozen=True)
class Arrival:
    """A file whose content is new under its name; `name` is relative to the landing zone.

    `rows` counts data rows. `same_as` names a file with the same content that was consumed before.
    """

    name: str
    path: Path
    sha256: str
    rows: int
    header: Header
    same_as: str | None = None

    @property
    def is_loadable(self) -> bool:
        """Tell whether the file's rows are to be loaded."""
        return self.same_as is None and self.header.fault is None

    def entry(self, before: Mapping[str, Any] | None, run_id: str) -> dict[str, Any]:
        """Return what the register keeps of the file, with what it kept of other content under this name.

        `rows` counts those of all content so far; `latest` says which run loaded the last one, and its rows.
        """
        rows = self.rows if self.is_loadable else 0
        kept: dict[str, Any] = {"sha256": self.sha256, "rows": rows}
        latest = {"run": run_id, "rows": rows} if self.is_loadable else (before or {}).get("latest")
        kept |= {"latest": latest} if latest else {}
        if before:
            kept["rows"] += before["rows"]
            kept["earlier"] = before.get("earlier", []) + ([] if "fault" in before else [before["sha256"]])
        if self.same_as:
            kept["same_as"] = self.same_as
        elif self.header.fault:
            kept["fault"] = self.header.fault
        return kept


def files_of(landing_zone: Path, file_name: str) -> Iterator[Path]:
    """Return a table's files: the initial extract, then the deliveries by the name of their folder."""
    yield from (path for path in [landing_zone / file_name] if path.is_file())
    yield from sorted(path for path in landing_zone.glob(f"*/{file_name}") if path.is_file())


def arrivals(landing_zone: Path, contract: Contract, register: Register, days: Days = EVER) -> list[Arrival]:
    """Return the files of a table, of some days, whose content the register doesn't know under their name."""
    contents = _contents(register)
    found = []
    for path in files_of(landing_zone, DELIVERY if contract.name == "deliveries" else f"{contract.name}.csv"):
        name = path.relative_to(landing_zone).as_posix()
        if not days.hold(name):
            continue
        sha256, rows = _digest(path)
        if name in register and register[name]["sha256"] == sha256:
            continue
        header = delivery_header(path, contract) if path.name == DELIVERY else read_header(path, contract)
        rows = 1 if path.name == DELIVERY else rows
        found.append(Arrival(name, path, sha256, rows, header, contents.get(sha256)))
        if not header.fault:
            contents.setdefault(sha256, name)
    return found


def strangers(landing_zone: Path, tables: Collection[str]) -> list[str]:
    """Return a note per CSV file that has no table's name, so that a misspelt one doesn't go unseen."""
    found = [*landing_zone.glob("*.csv"), *landing_zone.glob("*/*.csv")]
    names = sorted(path.relative_to(landing_zone).as_posix() for path in found if path.stem not in tables)
    return [f"{name}: no table has this name, the file is left alone" for name in names]


def miscounted(files: list[Arrival]) -> list[str]:
    """Return a note per new file that holds another number of rows than its delivery announces."""
    rows = {file.path: file.rows for file in files if file.path.name != DELIVERY}
    notes = [file.path for file in files if file.path.name == DELIVERY and file.is_loadable]
    announced = [
        (path.parent / name, count) for path in notes for name, count in announced_rows(path).items()
    ]
    return [
        f"{file.parent.name}/{file.name}: {rows[file]} rows read, {count} announced"
        for file, count in announced
        if file in rows and rows[file] != count
    ]


def _contents(register: Register) -> dict[str, str]:
    contents: dict[str, str] = {}
    for name, entry in register.items():
        # What was set aside was never consumed: delivered again, it is set aside again.
        last = [] if "fault" in entry else [entry["sha256"]]
        for sha256 in last + entry.get("earlier", []):
            contents.setdefault(sha256, entry.get("same_as", name))
    return contents


def _digest(path: Path) -> tuple[str, int]:
    """Return a file's content hash and its data rows: lines after the header, less blank ones at the end."""
    digest, newlines, trailing = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            newlines += block.count(b"\n")
            text = block.rstrip()
            trailing = block[len(text) :].count(b"\n") + (0 if text else trailing)
    return digest.hexdigest(), max(newlines - trailing, 0)
