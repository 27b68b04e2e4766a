"""Loading new files into bronze: the rows and the register of files consumed go into one commit."""

import os
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path, PurePosixPath

import pyarrow as pa
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.bronze import bronze_columns, ddl
from carelake.contract import Contract
from carelake.delta import Lake
from carelake.places import place
from carelake.states import Note, State
from jobs.bronze.deliveries import DELIVERY, delivery_row
from jobs.bronze.landing import Arrival, Register
from jobs.bronze.lines import data_lines
from jobs.bronze.parse import parse

ROWS_PER_BATCH = 50_000
STAMPS = ("_ingested_at", "_batch_id")


@dataclass(frozen=True)
class Loaded:
    """What became of a table's new files: rows loaded, and what to tell the user of which file."""

    table: str
    rows: int = 0
    faults: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


def register_of(state: State | None) -> Register:
    """Return the register of files a bronze table has consumed."""
    return dict(state.note.files) if state else {}


def load(
    lake: Lake, contract: Contract, files: list[Arrival], register: Register, run_id: str, now: datetime
) -> Loaded:
    """Append the rows of new files to a table's bronze, in one commit that also registers the files."""
    table = f"bronze/{contract.name}"
    good = [file for file in files if file.is_loadable]
    entries = register | {file.name: file.entry(register.get(file.name), run_id) for file in files}
    note = Note(run_id, contract.fingerprint, files=entries)
    lake.append(table, _rows(lake, contract, good, run_id, now), note)
    faults = {file.name: file.header.fault for file in files if file.header.fault and not file.same_as}
    return Loaded(table, sum(file.rows for file in good), faults, _notes(files))


def _rows(lake: Lake, contract: Contract, files: list[Arrival], run_id: str, now: datetime) -> DataFrame:
    wanted, columns = contract.names, bronze_columns(contract)
    read_columns = {name: kind for name, kind in columns.items() if name not in STAMPS}
    listing = [(file.name, str(file.path), file.header.names) for file in files]
    todo = lake.session.createDataFrame(listing, "name string, path string, header array<string>")

    def read(batches: Iterator[pa.RecordBatch]) -> Iterator[pa.RecordBatch]:
        for batch in batches:
            for file in batch.to_pylist():
                yield from _read_file(file["name"], place(file["path"]), file["header"], wanted)

    side_by_side = max(1, min(len(files), os.cpu_count() or 1))
    rows = todo.repartition(side_by_side).mapInArrow(read, ddl(read_columns))
    return rows.withColumns({"_ingested_at": F.lit(now), "_batch_id": F.lit(run_id)}).select(*columns)


def _read_file(name: str, path: Path, header: list[str], wanted: list[str]) -> Iterator[pa.RecordBatch]:
    blocks = (parse(lines, header, wanted) for lines in data_lines(path))
    folder = PurePosixPath(name).parent.as_posix()
    for rows in [delivery_row(path, folder, wanted)] if path.name == DELIVERY else blocks:
        source = pa.array([name] * len(rows), pa.string())
        stamped = rows.append_column("_source_file", source)
        ordered = stamped.select([*wanted, "_source_file", "_source_row", "_rescued"])
        yield from ordered.to_batches(max_chunksize=ROWS_PER_BATCH)


def _notes(files: list[Arrival]) -> list[str]:
    skipped = [f"{file.name}: same content as {file.same_as}, skipped" for file in files if file.same_as]
    repaired = [f"{file.name}: {note}" for file in files if file.is_loadable for note in file.header.notes]
    return skipped + repaired
