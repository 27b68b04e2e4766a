"""What a delivery says of itself in its `_delivery.json`."""

import json
from pathlib import Path
from typing import Any

import pyarrow as pa

from carelake.contract import Contract
from jobs.bronze.headers import Header

DELIVERY = "_delivery.json"


def delivery_header(path: Path, contract: Contract) -> Header:
    """Return the columns that a delivery's note holds; a note that is no JSON object is set aside."""
    try:
        note = json.loads(path.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as problem:
        return Header(fault=f"it is no JSON ({problem}); deliver it again")
    if not isinstance(note, dict):
        return Header(fault="it is no JSON object; deliver it again")
    return Header(names=contract.names)


def delivery_row(path: Path, folder: str, wanted: list[str]) -> pa.Table:
    """Return the one row of a delivery's note; what it leaves out follows from folder and end of data."""
    note = json.loads(path.read_text(encoding="utf-8-sig"))
    said = {"delivery": folder, "updated_at": note.get("data_through")} | note
    row: dict[str, Any] = {name: [None if said.get(name) is None else str(said[name])] for name in wanted}
    columns = {name: pa.array(value, pa.string()) for name, value in row.items()}
    return pa.table(
        columns | {"_source_row": pa.array([1], pa.int64()), "_rescued": pa.nulls(1, pa.string())}
    )


def announced_rows(path: Path) -> dict[str, int]:
    """Return the rows per file that a delivery says it holds; nothing where it doesn't say."""
    said = json.loads(path.read_text(encoding="utf-8-sig")).get("rows")
    return said if isinstance(said, dict) else {}
