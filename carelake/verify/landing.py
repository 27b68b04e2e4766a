"""Landing files, read by other means than the lake reads them: as bytes and lines, not through its parser."""

import csv
import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from carelake.contract import Contract

BLOCK_BYTES = 32 << 20
LONGEST_LINE = 1 << 20
NOTE = "_delivery.json"
csv.field_size_limit(LONGEST_LINE)


@dataclass(frozen=True)
class LandingFile:
    """A file in the landing zone: `name` is relative to it, `rows` counts the lines after the header."""

    name: str
    path: Path
    sha256: str
    rows: int

    @property
    def folder(self) -> str:
        """Folder of the delivery that brought the file; `.` is the landing zone itself."""
        return Path(self.name).parent.as_posix()


def landing_files(landing_zone: Path, contract: Contract) -> list[LandingFile]:
    """Return the files that feed a silver table, read once for their content hash and their rows."""
    file_name = NOTE if contract.name == "deliveries" else f"{contract.name}.csv"
    paths = [landing_zone / file_name, *sorted(landing_zone.glob(f"*/{file_name}"))]
    return [_measured(path, path.relative_to(landing_zone).as_posix()) for path in paths if path.is_file()]


def amounts(file: LandingFile, columns: Iterable[str]) -> dict[str, int]:
    """Return the sum of money columns over a file's lines, in cents, of the amounts that parse.

    Lines that have not one field per column, an open quote, a NUL byte or more than 1 MiB don't count.
    """
    # Every byte is a letter in Latin-1, and commas, quotes and digits are the same bytes as in UTF-8.
    lines = (block.decode("latin-1").split("\n") for block in _blocks(file.path))
    header: list[str] = []
    totals = dict.fromkeys(columns, 0)
    for texts in lines:
        if not header:
            header = [name.strip().lower() for name in next(csv.reader([texts.pop(0).lstrip("ï»¿")]))]
        found = _fields(texts, header, [name for name in totals if name in header])
        for name in found.columns:
            totals[name] += found.select(cents(pl.col(name)).sum()).item()
    return totals


def cents(text: pl.Expr) -> pl.Expr:
    """Return money as integer cents, half a cent rounded away from zero; null where the text is no amount."""
    plain = text.str.strip_chars(" \t\r\u00a0\u00c2").str.replace_all("[$,]", "")
    parts = plain.str.extract_groups(r"^(-?)0*(\d{1,10})(?:\.(\d+))?$").struct
    digits = parts.field("3").fill_null("").str.pad_end(3, "0").str.slice(0, 3)
    tenths = parts.field("2").cast(pl.Int64) * 1000 + digits.cast(pl.Int64)
    rounded = (tenths + 5) // 10
    return pl.when(parts.field("1") == "-").then(-rounded).otherwise(rounded)


def _blocks(path: Path) -> Iterator[bytes]:
    """Read a file in blocks that end where a line ends."""
    rest = b""
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            whole, end, rest_of_block = block.rpartition(b"\n")
            if end:
                yield rest + whole
                rest = rest_of_block
            else:
                rest += block
    if rest:
        yield rest


def _measured(path: Path, name: str) -> LandingFile:
    digest, lines, waiting = hashlib.sha256(), 0, 0
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            digest.update(block)
            written = block.rstrip()
            if written:
                # Line ends count once something follows them: blank lines at the end are no rows.
                lines += waiting + written.count(b"\n")
                waiting = 0
            waiting += block.count(b"\n", len(written))
    rows = 1 if path.name == NOTE else lines
    return LandingFile(name, path, digest.hexdigest(), rows)


def _fields(texts: list[str], header: list[str], wanted: list[str]) -> pl.DataFrame:
    """Return the wanted columns of the lines that have as many fields as the header."""
    lines = pl.Series("line", texts, pl.String).str.strip_suffix("\r")
    lines = lines.filter((lines.str.len_bytes() <= LONGEST_LINE) & ~lines.str.contains("\x00", literal=True))
    is_odd = lines.str.contains('["\r]')
    plain = lines.filter(~is_odd).str.split(",")
    rows = [_fields_of(line) for line in lines.filter(is_odd)]
    quoted = pl.Series("line", [row for row in rows if row], pl.List(pl.String))
    fields = pl.concat([plain, quoted])
    whole = fields.filter(fields.list.len() == len(header)).to_frame()
    return whole.select(pl.col("line").list.get(header.index(name)).alias(name) for name in wanted)


def _fields_of(line: str) -> list[str]:
    """Return the fields of a line with quotes; none where a quote stays open or a line end stands inside."""
    try:
        return next(csv.reader([line], strict=True), [])
    except csv.Error:
        return []
