"""Which of a file's columns are which: by name, in any order; a file that can't be read is set aside."""

import csv
from dataclasses import dataclass, field
from pathlib import Path

from carelake.contract import Contract

BOM = b"\xef\xbb\xbf"
HEADER_BYTES = 1 << 20
OTHER_DELIMITERS = {"|": "pipes", ";": "semicolons", "\t": "tabs"}


@dataclass(frozen=True)
class Header:
    """A file's column names; `fault` says why the whole file must be set aside, `notes` what was repaired."""

    names: list[str] = field(default_factory=list)
    fault: str | None = None
    notes: list[str] = field(default_factory=list)


def read_header(path: Path, contract: Contract) -> Header:
    """Read the header of a delivered file and hold it against the contract of its table."""
    with path.open("rb") as file:
        start = file.read(HEADER_BYTES)
    if not start.strip():
        return Header(fault="the file is empty: it has not even a header; deliver it again")
    notes = ["byte-order mark skipped"] if start.startswith(BOM) else []
    text = start.removeprefix(BOM).partition(b"\n")[0].removesuffix(b"\r")
    try:
        delivered = next(csv.reader([text.decode()], strict=True))
    except (UnicodeDecodeError, csv.Error) as problem:
        return Header(fault=f"the header can't be read ({problem}); deliver it as UTF-8 CSV")
    names = [name.strip().lower() for name in delivered]
    if names != delivered:
        notes.append("column names trimmed and lowered")
    fault = _fault(names, contract)
    return Header(names, fault, notes if fault else notes + _notes(names, contract))


def _fault(names: list[str], contract: Contract) -> str | None:
    for delimiter, word in OTHER_DELIMITERS.items():
        if len(names) == 1 and delimiter in names[0]:
            return f"its columns are separated by {word}, not by commas; deliver it with commas"
    if not set(names) & set(contract.names):
        # Without a header these are values, perhaps a patient's: the message doesn't repeat them.
        return "its first line names none of the table's columns; deliver it with a header"
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        return f"column {', '.join(doubled)} is there twice; rename or remove one"
    missing = [column.name for column in contract.columns if column.required and column.name not in names]
    if not missing:
        return None
    unknown = sorted(set(names) - set(contract.names))
    renamed = f"; unknown columns: {', '.join(unknown)} (renamed?)" if unknown else ""
    return f"required column {', '.join(missing)} is missing{renamed}; deliver it with that column"


def _notes(names: list[str], contract: Contract) -> list[str]:
    unknown = [name for name in names if name not in contract.names]
    absent = [name for name in contract.names if name not in names]
    known = [name for name in names if name in contract.names]
    notes = [f"unknown column {name} kept in _rescued" for name in unknown]
    notes += [f"column {name} is missing, read as empty" for name in absent]
    if known != [name for name in contract.names if name in names]:
        notes.append("columns in another order, read by name")
    return notes
