"""The generator, against the time PyArrow needs just to write the same CSV files."""

from collections.abc import Iterator
from functools import partial
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from benchmarks.bench import Bench, Pair
from benchmarks.measure import Cost, cost_of

SIZES = (10_000, 100_000, 1_000_000)


def generator(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure the initial extract of each size."""
    for size in [patients] if patients else SIZES:
        with bench.data("generator") as data:
            ours = bench.generate(data, size)
            bare = written(data / "landing_zone", data / "again")
            yield Pair(f"generator, {size:,} patients", "PyArrow writing the same files", 5, ours, bare)


def written(landing_zone: Path, again: Path) -> Cost:
    """Read every CSV file as text, block by block, and write it anew; return what the writing alone took."""
    again.mkdir()
    total = Cost(0, 0, 0)
    for file in sorted(landing_zone.glob("*.csv")):
        blocks = _text(file)
        with csv.CSVWriter(again / file.name, blocks.schema) as writer:
            for block in blocks:
                total += cost_of(partial(writer.write_batch, block))
    return total


def _text(file: Path) -> csv.CSVStreamingReader:
    # Lines that no reader takes are left out, and those with a comma in quotes: one in a thousand at most.
    lines = csv.ParseOptions(quote_char=False, invalid_row_handler=lambda _: "skip")
    with csv.open_csv(file, parse_options=lines) as typed:
        text = dict.fromkeys(typed.schema.names, pa.string())
    as_text = csv.ConvertOptions(column_types=text, strings_can_be_null=True)
    return csv.open_csv(file, parse_options=lines, convert_options=as_text)
