import pandas as pd
import pytest

from datagenerator.extract.layout import Layout
from datagenerator.extract.rendering import rendered
from datagenerator.extract.text import lines, typed

LAYOUT = Layout(
    "sample",
    {
        "id": "string",
        "day": "date",
        "at": "timestamp",
        "count": "int",
        "share": "double",
        "flag": "boolean",
        "cost": "money",
    },
    ("id",),
)


def frame(**columns):
    row = {"id": "a", "day": None, "at": None, "count": None, "share": None, "flag": None, "cost": None}
    return typed(pd.DataFrame([{**row, **columns}]), LAYOUT)


@pytest.mark.parametrize(
    ("columns", "line"),
    [
        ({}, "a,,,,,,"),
        ({"day": "2024-02-29"}, "a,2024-02-29,,,,,"),
        ({"at": "2024-02-29 07:05:09"}, "a,,2024-02-29 07:05:09,,,,"),
        ({"count": 3, "share": 0.5, "flag": True}, "a,,,3,0.5000,true,"),
        ({"cost": 5}, "a,,,,,,0.05"),
        ({"cost": -123_456}, "a,,,,,,-1234.56"),
        ({"id": 'Smith, "Joe"'}, '"Smith, ""Joe""",,,,,,'),
    ],
)
def test_a_row_as_a_line(columns, line):
    assert lines(frame(**columns), LAYOUT, {}) == [line]


def test_an_override_replaces_the_text_of_its_cell_alone():
    assert lines(frame(count=3, cost=100), LAYOUT, {0: {"cost": "$1,000.00"}}) == ['a,,,3,,,"$1,000.00"']


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("", "a,2024-01-01,,7,,,1.00\n"),
        ("column_count", "a,2024-01-01,,7\n"),
        ("cut_off_line", "a,2024-01-01,,7"),
        ("nul_byte", "a,2024-01-01,,7,,,1.00\0\n"),
        ("unclosed_quote", 'a,"2024-01-01,,7,,,1.00\n'),
    ],
)
def test_malformed_lines(kind, text):
    rows = frame(day="2024-01-01", count=7, cost=100).assign(_cells=None, _line=kind)
    assert rendered(rows, LAYOUT) == text.encode()
