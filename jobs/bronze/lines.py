"""Reading a file's lines: a record never spans lines, so no line can spoil another."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

BLOCK_BYTES = 16 << 20
MAX_LINE_BYTES = 1 << 20
CLIPPED_BYTES = MAX_LINE_BYTES + 2
"""Of a longer line this much is kept: enough to tell that it is too long, its line end aside."""


@dataclass(frozen=True)
class Lines:
    """Consecutive data lines of a file; `first` is the 1-based number of the first data row.

    `is_unfinished`: the file ends without a line end, so the last line may have been cut off.
    """

    first: int
    texts: list[bytes]
    is_unfinished: bool = False


def data_lines(path: Path) -> Iterator[Lines]:
    """Read the lines after the header in blocks, without line ends; blank lines at the end are no rows."""
    first, blanks, rest, is_header_read = 1, 0, b"", False
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            *texts, rest = (rest + block).split(b"\n")
            rest = rest[:CLIPPED_BYTES]
            if texts and not is_header_read:
                texts, is_header_read = texts[1:], True
            rows = [b""] * blanks + [text[:CLIPPED_BYTES].removesuffix(b"\r") for text in texts]
            blanks = _trailing_blanks(rows)
            rows = rows[: len(rows) - blanks]
            if rows:
                yield Lines(first, rows)
                first += len(rows)
    if is_header_read and rest.strip():
        yield Lines(first, [b""] * blanks + [rest.removesuffix(b"\r")], is_unfinished=True)


def _trailing_blanks(rows: list[bytes]) -> int:
    blanks = 0
    while blanks < len(rows) and not rows[-1 - blanks].strip():
        blanks += 1
    return blanks
