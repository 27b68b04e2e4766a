"""Where a generation goes: what may be replaced, what is there already, and how it gets there whole."""

import fcntl
import json
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from datagenerator.arguments import Arguments
from datagenerator.extract.build import Making, build
from datagenerator.extract.layout import LAYOUTS
from datagenerator.extract.truth import COLUMNS
from datagenerator.extract.truthfiles import described
from datagenerator.periods import period

LANDING_NAMES = {layout.file for layout in LAYOUTS.values()} | {"_delivery.json"}
TRUTH_NAMES = {f"{name}.csv" for name in COLUMNS} | {"defects.csv", "generator.json"}
NOTE = "generator.json"


class Refused(Exception):
    """The output folder does not allow what was asked; nothing has been written."""


def kept_arguments(output: Path) -> tuple[Arguments, int] | None:
    """Return the arguments and the number of deliveries of the generation in `output`, None if there is none.

    Raises Refused when the note beside it can't be read as one.
    """
    note = Arguments(output=output).truth / NOTE
    if not note.exists() or not output.exists():
        return None
    try:
        known = json.loads(note.read_text(encoding="utf-8"))
        deliveries = int(known.pop("deliveries"))
        known |= {name: date.fromisoformat(known[name]) for name in ("start", "end")}
        return Arguments(**known, output=output), deliveries
    except (ValueError, KeyError, TypeError) as error:
        message = f"{note} does not describe a generation ({error}); choose another --output"
        raise Refused(message) from error


def strangers(output: Path, truth: Path) -> list[str]:
    """Return what lies in the two folders and is no part of any generation."""
    found = [entry for entry in _entries(output) if not _is_landing(entry)]
    found += [entry for entry in _entries(truth) if entry.name not in TRUTH_NAMES]
    return sorted(entry.name for entry in found)


def _entries(folder: Path) -> list[Path]:
    if folder.exists() and not folder.is_dir():
        raise Refused(f"{folder} is a file; choose another --output")
    return list(folder.iterdir()) if folder.exists() else []


def _is_landing(entry: Path) -> bool:
    if not entry.is_dir():
        return entry.name in LANDING_NAMES
    try:
        date.fromisoformat(entry.name)
    except ValueError:
        return False
    return all(file.name in LANDING_NAMES for file in entry.iterdir())


def plan(arguments: Arguments, deliveries: int, force: bool) -> tuple[int, int]:
    """Return the deliveries there will be and the first one to write.

    A generation of the same arguments keeps its deliveries: missing ones are added, otherwise all of it is
    made again. Raises Refused over foreign files, and over another generation unless `force`.
    """
    foreign = strangers(arguments.output, arguments.truth)
    if foreign:
        raise Refused(f"{arguments.output} or {arguments.truth} holds files of others, as {foreign[0]}")
    known = kept_arguments(arguments.output)
    if known is not None and described(known[0], 0) == described(arguments, 0):
        there = known[1]
        complete = all((arguments.output / period(arguments, n).folder).is_dir() for n in range(there + 1))
        adds = complete and deliveries > there
        return max(deliveries, there), there + 1 if adds else 0
    if _entries(arguments.output) and not force:
        raise Refused(
            f"{arguments.output} holds another generation; `generate --force` replaces it, and a lake that "
            f"was built from it has to be removed"
        )
    return deliveries, 0


def generate_into(
    arguments: Arguments, deliveries: int, write_from: int, making: Making | None = None
) -> None:
    """Build beside the output and move into place when all of it is there.

    A process killed before leaves the output as it was. Raises Refused while another process works on it.
    """
    with _workshop(arguments.output) as workshop:
        landing, truth = workshop / "landing", workshop / "truth"
        build(arguments, deliveries, write_from, landing, truth, making or Making())
        if write_from:
            for folder in sorted(landing.iterdir()):
                _move(folder, arguments.output / folder.name, workshop)
            _move(truth, arguments.truth, workshop)
        else:
            _move(truth, arguments.truth, workshop)
            _move(landing, arguments.output, workshop)


@contextmanager
def _workshop(output: Path) -> Iterator[Path]:
    """Give an empty folder beside the output, held by this process alone and removed at the end.

    The lock dies with its process, so what a killed one left is cleared away by the next.
    """
    folder = output.parent / f".{output.name}.making"
    folder.mkdir(parents=True, exist_ok=True)
    handle = os.open(folder, os.O_RDONLY)
    try:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError as error:
        os.close(handle)
        raise Refused(f"another process is generating into {output}") from error
    try:
        for left_over in folder.iterdir():
            shutil.rmtree(left_over)
        yield folder
    finally:
        shutil.rmtree(folder)
        os.close(handle)


def _move(source: Path, target: Path, workshop: Path) -> None:
    """Put a folder where another one may be."""
    if target.exists():
        target.rename(workshop / f"old-{target.name}")
    target.parent.mkdir(parents=True, exist_ok=True)
    source.rename(target)
