"""Landing files and delivered text, read without the lake's own reader."""

from datetime import date, datetime
from pathlib import Path

import polars as pl
import pytest

from carelake.verify import landing
from carelake.verify.delivered import value
from carelake.verify.landing import LandingFile, amounts, cents, landing_files
from tests.truth.verify.small_lake import REGISTRY

CLAIMS = REGISTRY.contracts["silver/claims"]


def file(tmp_path: Path, text: bytes) -> LandingFile:
    (tmp_path / "claims.csv").write_bytes(text)
    return landing_files(tmp_path, CLAIMS)[0]


@pytest.mark.parametrize(
    ("text", "rows"),
    [
        (b"a,b\n1,2\n3,4\n", 2),
        (b"a,b\n1,2\n3,4", 2),
        (b"a,b\n1,2\n3,4\n\n \n", 2),
        (b"a,b\n\n1,2\n", 2),
        (b"a,b\r\n1,2\r\n", 1),
        (b"a,b\n", 0),
        (b"a,b", 0),
        (b"", 0),
    ],
)
@pytest.mark.parametrize("block", [1, 3, 1 << 20])
def test_rows_are_lines_after_the_header_less_blank_ones_at_the_end(tmp_path, monkeypatch, text, rows, block):
    monkeypatch.setattr(landing, "BLOCK_BYTES", block)
    assert file(tmp_path, text).rows == rows


def test_files_of_all_deliveries_are_found(tmp_path):
    for name in ("claims.csv", "2025-02-01/claims.csv", "2025-02-01/other.csv", "_delivery.json"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text("{}\n{}\n{}\n")
    found = landing_files(tmp_path, CLAIMS)
    assert [(one.name, one.folder, one.rows) for one in found] == [
        ("claims.csv", ".", 2),
        ("2025-02-01/claims.csv", "2025-02-01", 2),
    ]
    notes = landing_files(tmp_path, REGISTRY.contracts["silver/deliveries"])
    assert [(one.name, one.rows) for one in notes] == [("_delivery.json", 1)]


@pytest.mark.parametrize("block", [1, 7, 1 << 20])
def test_amounts_are_summed_over_the_lines_that_have_columns(tmp_path, monkeypatch, block):
    monkeypatch.setattr(landing, "BLOCK_BYTES", block)
    lines = [
        b"\xef\xbb\xbfid, Paid ,name",
        b"1,10.00,x",
        b'2,"$1,000.50","a ""b"", c"',
        b"3,-0.25,M\xfcller",
        b"4,7.00",
        b"5,7.00,x,y",
        b'6,7.00,"open',
        b"7,7.00,\x00",
        b"8,7.00,a\rb",
        b"9,n/a,x",
        b"10,,x\r",
        b"11,1.00,x",
    ]
    assert amounts(file(tmp_path, b"\n".join(lines)), ["paid"]) == {"paid": 101125}


def test_an_overlong_line_has_no_columns(tmp_path):
    text = b"id,paid\n1,5.00\n" + b"x" * (1 << 20) + b",6.00\n"
    assert amounts(file(tmp_path, text), ["paid", "billed"]) == {"paid": 500, "billed": 0}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("12.34", 1234),
        ("12", 1200),
        ("-12.3", -1230),
        (" $1,234.50 ", 123450),
        ("0.005", 1),
        ("-0.005", -1),
        ("0.0049", 0),
        ("0000000000012.00", 1200),
        ("12345678901.00", None),
        ("1e3", None),
        ("12.", None),
        ("n/a", None),
        ("", None),
        (None, None),
    ],
)
def test_money_as_cents(text, expected):
    frame = pl.DataFrame({"text": [text]}, schema={"text": pl.String})
    assert frame.select(cents(pl.col("text"))).item() == expected


@pytest.mark.parametrize(
    ("table", "column", "text", "expected"),
    [
        ("patients", "patient_id", " p1\u00a0", "P1"),
        ("patients", "patient_id", "  ", None),
        ("patients", "effective_date", "2024-03-05", date(2024, 3, 5)),
        ("patients", "effective_date", "03/05/2024", date(2024, 3, 5)),
        ("patients", "effective_date", "20240305", date(2024, 3, 5)),
        ("patients", "effective_date", "05-Mar-2024", date(2024, 3, 5)),
        ("patients", "effective_date", "2024-02-30", None),
        ("patients", "recorded_at", "2024-03-05 10:20:30", datetime(2024, 3, 5, 10, 20, 30)),
        ("patients", "recorded_at", "2024-03-05T10:20:30Z", datetime(2024, 3, 5, 10, 20, 30)),
        ("patients", "recorded_at", "2024-03-05T10:20:30", datetime(2024, 3, 5, 10, 20, 30)),
        ("patients", "recorded_at", "03/05/2024 10:20", datetime(2024, 3, 5, 10, 20)),
        ("patients", "recorded_at", "20240305", datetime(2024, 3, 5)),
        ("patients", "recorded_at", "yesterday", None),
        ("hai_data", "unit", " ICU ", "icu"),
        ("encounters", "encounter_type", "ED", "emergency"),
        ("encounters", "admitting_diagnosis_code", "i50.9", "I509"),
    ],
)
def test_delivered_text_as_a_value(table, column, text, expected):
    contract = REGISTRY.contracts[f"silver/{table}"].column(column)
    frame = pl.DataFrame({column: [text]}, schema={column: pl.String})
    assert frame.select(value(contract)).item() == expected
