"""Sound lines become columns of text; malformed ones are set apart and spoil no other."""

import json
import random

import pytest

from jobs.bronze.lines import MAX_LINE_BYTES, Lines
from jobs.bronze.parse import KEPT_BYTES, parse

HEADER = ["a", "b", "c"]


def parsed(*texts, header=HEADER, wanted=HEADER, first=1, unfinished=False):
    raw = [text if isinstance(text, bytes) else text.encode() for text in texts]
    return parse(Lines(first, raw, unfinished), header, wanted).to_pylist()


def fields(row):
    return tuple(row[name] for name in HEADER)


def broken(row):
    return json.loads(row["_rescued"])["_malformed"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1,2,3", ("1", "2", "3")),
        (",,", ("", "", "")),
        ('1,"x,y",3', ("1", "x,y", "3")),
        ('"1","2","3"', ("1", "2", "3")),
        ('1,"say ""no""",3', ("1", 'say "no"', "3")),
        ("1, 2 ,3", ("1", " 2 ", "3")),
        ('1,"",3', ("1", "", "3")),
        ("1,Zoë,3", ("1", "Zoë", "3")),
        ('1, "2",3', ("1", ' "2"', "3")),
        ('1,"in\rside",3', ("1", "in\rside", "3")),
        ("NULL,NA,nan", ("NULL", "NA", "nan")),
    ],
)
def test_a_sound_line_becomes_its_fields_as_they_are(text, expected):
    before, row, after = parsed("7,8,9", text, "4,5,6")
    assert fields(row) == expected
    assert row["_rescued"] is None
    assert (fields(before), fields(after)) == (("7", "8", "9"), ("4", "5", "6"))


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1,2", "column_count"),
        ("1,2,3,4", "column_count"),
        ("", "column_count"),
        ('1,"2"x,3', "unclosed_quote"),
        ('1,"2,3', "unclosed_quote"),
        ('1,"2,""3', "unclosed_quote"),
        ("1,2\x00,3", "nul_byte"),
        ('1,"2\x00,3', "nul_byte"),
        ("1,2\r9,3", "column_count"),
        ("1,2,3\r4,5,6", "column_count"),
        ("1," + "x" * MAX_LINE_BYTES + ",3", "line_too_long"),
    ],
    ids=[
        "too few",
        "too many",
        "blank",
        "text behind a quote",
        "open quote",
        "open doubled quote",
        "NUL",
        "NUL and quote",
        "carriage return",
        "two records in one line",
        "too long",
    ],
)
def test_a_malformed_line_is_set_apart_with_its_rule_and_text(text, rule):
    before, row, after = parsed("7,8,9", text, "4,5,6")
    assert fields(row) == (None, None, None)
    assert broken(row) == rule
    assert json.loads(row["_rescued"])["_line"] == text[:KEPT_BYTES]
    assert (fields(before), fields(after)) == (("7", "8", "9"), ("4", "5", "6"))
    assert [r["_source_row"] for r in (before, row, after)] == [1, 2, 3]


def test_a_block_of_malformed_lines_is_no_empty_block():
    assert [broken(row) for row in parsed("1,2", "3,4", "5")] == ["column_count"] * 3


def test_a_line_that_is_no_utf8_is_read_as_latin_1_and_marked():
    (row,) = parsed("1,Zoë,3".encode("latin-1"))
    assert fields(row) == ("1", "Zoë", "3")
    assert json.loads(row["_rescued"]) == {"_encoding": "latin-1"}


def test_a_long_field_of_latin_1_is_no_open_quote():
    text = "ë" * 200_000
    (row,) = parsed(f"1,{text},3".encode("latin-1"))
    assert row["b"] == text


@pytest.mark.parametrize(
    ("text", "rule"),
    [
        ("1,2", "cut_off_line"),
        ('1,"2', "cut_off_line"),
        ("1,2,3,4", "column_count"),
        ('"1,5",2', "cut_off_line"),
    ],
)
def test_a_last_line_that_stops_short_is_cut_off(text, rule):
    first, last = parsed("1,2", text, unfinished=True)
    assert broken(first) == "column_count"
    assert broken(last) == rule


def test_a_last_line_with_all_its_fields_is_sound_without_a_newline():
    assert fields(parsed("1,2,3", "4,5,6", unfinished=True)[-1]) == ("4", "5", "6")


def test_columns_go_by_name_in_any_order():
    (row,) = parsed("3,1,2", header=["c", "a", "b"])
    assert fields(row) == ("1", "2", "3")


def test_an_unknown_column_is_rescued_where_it_holds_something():
    rows = parsed("1,2,3,x", "1,2,3,", '1,"""2""",3,y', header=[*HEADER, "d"])
    assert [row["_rescued"] and json.loads(row["_rescued"]) for row in rows] == [{"d": "x"}, None, {"d": "y"}]


def test_a_missing_column_is_null():
    (row,) = parsed("1,3", header=["a", "c"])
    assert fields(row) == ("1", None, "3")


def test_many_columns_are_read():
    wide = [f"c{number}" for number in range(2000)]
    (row,) = parsed(",".join(wide), header=wide, wanted=wide)
    assert [row[name] for name in wide] == wide


def test_numbers_go_on_from_block_to_block():
    assert [row["_source_row"] for row in parsed("1,2,3", "x", first=41)] == [41, 42]


def test_any_mixture_of_lines_keeps_its_order():
    kinds = {"1,2,3": None, '1,"2",3': None, "1": "column_count", '1,"': "unclosed_quote", "\x00": "nul_byte"}
    texts = random.Random(7).choices(list(kinds), k=500)
    rows = parsed(*(f"{text}" if kinds[text] else f"{n},{text[2:]}" for n, text in enumerate(texts)))
    for number, (text, row) in enumerate(zip(texts, rows, strict=True)):
        if kinds[text]:
            assert broken(row) == kinds[text]
        else:
            assert fields(row) == (str(number), "2", "3")
