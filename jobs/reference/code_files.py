"""Code sets kept as CSV files in `conf/reference`, every column text."""

import hashlib
from pathlib import Path

import pyarrow as pa
from pyarrow import csv

from carelake.settings import PROJECT

FOLDER = PROJECT / "conf/reference"


def files() -> list[Path]:
    """Return the files of the folder, one a table."""
    return sorted(FOLDER.glob("*.csv"))


def load(file: Path) -> pa.Table:
    """Return a file's rows; codes keep their leading zeros, an empty field is null."""
    with file.open(encoding="utf-8") as stream:
        header = stream.readline().strip().split(",")
    options = csv.ConvertOptions(
        column_types={name: pa.string() for name in header},
        strings_can_be_null=True,
        null_values=[""],
        quoted_strings_can_be_null=False,
    )
    return csv.read_csv(file, convert_options=options)


def version(file: Path) -> str:
    """Return the hash of a file's bytes."""
    return hashlib.sha256(file.read_bytes()).hexdigest()[:16]
