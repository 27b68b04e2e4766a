"""From lines to columns of text: sound lines in bulk, odd ones alone, malformed ones set apart."""

import csv
import json
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pacsv

from jobs.bronze.lines import MAX_LINE_BYTES, Lines

KEPT_BYTES = 64 << 10
"""Of a line that is too long, this much is kept as its raw text."""
PLAIN_LINE = r'^(?:"[^"\x00\r]*"|[^",\x00\r]*)(?:,(?:"[^"\x00\r]*"|[^",\x00\r]*))*$'
"""A line in which quotes only ever wrap whole fields, and nothing else ends a line: safe to read in bulk."""
MALFORMED, LINE, ENCODING = "_malformed", "_line", "_encoding"
csv.field_size_limit(MAX_LINE_BYTES)


@dataclass
class Block:
    """Rows of one block in the making: fields by row for odd lines, and what was kept aside of which row."""

    fields: dict[int, list[str]] = field(default_factory=dict)
    rescued: dict[int, dict[str, str]] = field(default_factory=dict)

    def set_apart(self, row: int, rule: str, text: bytes) -> None:
        """Note a malformed line: the rule it breaks and its raw text."""
        line = text[:KEPT_BYTES].decode("utf-8", errors="replace")
        self.rescued[row] = {MALFORMED: rule, LINE: line}


def parse(lines: Lines, header: list[str], wanted: list[str]) -> pa.Table:
    """Return a block's rows as text: the wanted columns, `_source_row`, and `_rescued` (JSON or null).

    Rescued are columns that aren't wanted, the text of malformed lines, and an encoding that isn't UTF-8.
    """
    block = Block()
    odd = _odd_rows(lines.texts)
    for row in odd:
        _parse_alone(row, lines.texts[row], len(header), block)
    odd_rows = set(odd)
    bulk = [row for row in range(len(lines.texts)) if row not in odd_rows]
    table, refused = _parse_bulk([lines.texts[row] for row in bulk], header)
    for position in refused:
        block.set_apart(bulk[position], "column_count", lines.texts[bulk[position]])
    refused_positions = set(refused)
    read = [row for position, row in enumerate(bulk) if position not in refused_positions]
    if lines.is_unfinished:
        _note_cut_off(lines.texts, len(header), block)
    return _assemble(lines, table, read, block, header, wanted)


def _odd_rows(texts: list[bytes]) -> list[int]:
    """Return the rows that must not be read in bulk."""
    array = pa.array(texts, pa.large_binary())
    is_plain = pc.and_(
        pc.match_substring_regex(array, PLAIN_LINE),
        pc.and_(
            pc.less_equal(pc.binary_length(array), MAX_LINE_BYTES), pc.not_equal(pc.binary_length(array), 0)
        ),
    )
    odd = pc.indices_nonzero(pc.invert(is_plain)).to_pylist()
    if not _is_utf8(b"\n".join(texts)):
        odd = sorted({*odd, *(row for row, text in enumerate(texts) if not _is_utf8(text))})
    return odd


def _parse_alone(row: int, text: bytes, width: int, block: Block) -> None:
    if len(text) > MAX_LINE_BYTES:
        return block.set_apart(row, "line_too_long", text)
    if b"\x00" in text:
        return block.set_apart(row, "nul_byte", text)
    if not _is_utf8(text):
        block.rescued[row] = {ENCODING: "latin-1"}
        text = text.decode("latin-1").encode()
    try:
        fields = next(csv.reader([text.decode()], strict=True), [""])
    except csv.Error:
        # The other thing this reader refuses is a carriage return, which breaks a record into pieces.
        return block.set_apart(row, "column_count" if b"\r" in text else "unclosed_quote", text)
    if len(fields) != width:
        return block.set_apart(row, "column_count", text)
    block.fields[row] = fields
    return None


def _parse_bulk(texts: list[bytes], header: list[str]) -> tuple[pa.Table, list[int]]:
    """Return the rows of sound lines, and the positions of those with another width than the header."""
    refused: list[int] = []

    def refuse(row: pacsv.InvalidRow) -> str:
        refused.append(row.number - 1)
        return "skip"

    if not texts:
        return pa.table({name: pa.array([], pa.string()) for name in header}), refused
    table = pacsv.read_csv(
        pa.BufferReader(b"\n".join(texts) + b"\n"),
        read_options=pacsv.ReadOptions(column_names=header, use_threads=False, block_size=64 << 20),
        parse_options=pacsv.ParseOptions(invalid_row_handler=refuse, ignore_empty_lines=False),
        convert_options=pacsv.ConvertOptions(
            column_types=dict.fromkeys(header, pa.string()), strings_can_be_null=False
        ),
    )
    return table, refused


def _note_cut_off(texts: list[bytes], width: int, block: Block) -> None:
    last = len(texts) - 1
    rule = block.rescued.get(last, {}).get(MALFORMED)
    if rule == "unclosed_quote" or (rule == "column_count" and _width(texts[last]) < width):
        block.rescued[last][MALFORMED] = "cut_off_line"


def _width(text: bytes) -> int:
    return len(next(csv.reader([text.decode("latin-1").replace("\r", " ")])))


def _assemble(
    lines: Lines, bulk: pa.Table, read: list[int], block: Block, header: list[str], wanted: list[str]
) -> pa.Table:
    """Put the rows read in bulk, the rows read alone and the malformed ones back into their order."""
    alone = sorted(block.fields)
    malformed = sorted(row for row, kept in block.rescued.items() if MALFORMED in kept)
    order = pa.array(sorted(range(len(lines.texts)), key=[*read, *alone, *malformed].__getitem__))
    singles = {
        name: [block.fields[row][index] for row in alone] + [None] * len(malformed)
        for index, name in enumerate(header)
    }
    columns = {
        name: pa.concat_arrays([*bulk.column(name).chunks, pa.array(singles[name], pa.string())]).take(order)
        for name in header
    }
    missing = pa.nulls(len(order), pa.string())
    table = pa.table({name: columns.get(name, missing) for name in wanted})
    numbers = pa.array(range(lines.first, lines.first + len(order)), pa.int64())
    unwanted = {name: column for name, column in columns.items() if name not in wanted}
    rescued = pa.array(_rescued(len(order), unwanted, block), pa.string())
    return table.append_column("_source_row", numbers).append_column("_rescued", rescued)


def _rescued(rows: int, unwanted: dict[str, pa.Array], block: Block) -> list[str | None]:
    extra = {name: column.to_pylist() for name, column in unwanted.items()}
    kept: list[str | None] = []
    for row in range(rows):
        found = {name: values[row] for name, values in extra.items() if values[row]}
        found |= block.rescued.get(row, {})
        kept.append(json.dumps(found) if found else None)
    return kept


def _is_utf8(text: bytes) -> bool:
    try:
        text.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True
