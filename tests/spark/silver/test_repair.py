"""What can be read is repaired and flagged; what cannot becomes null, never an exception."""

from datetime import date, datetime
from decimal import Decimal

import pytest
from pyspark.sql import functions as F

from carelake.contract import Column
from carelake.quality.repair import is_canonical, repaired

DAY, NOON = date(2024, 3, 5), datetime(2024, 3, 5, 12, 30)
TYPES = ["string", "date", "timestamp", "int", "bigint", "double", "decimal(12,2)", "boolean"]
AS_IT_IS, REPAIRED = True, False
CASES = {
    "date": {
        "2024-03-05": (DAY, AS_IT_IS),
        " 2024-03-05\u00a0": (DAY, REPAIRED),
        "03/05/2024": (DAY, REPAIRED),
        "20240305": (DAY, REPAIRED),
        "05-Mar-2024": (DAY, REPAIRED),
        "2024-02-30": None,
        "02/30/2024": None,
        "20241345": None,
        "2024-3-5": None,
        "05.03.2024": None,
        "yesterday": None,
        "0000-00-00": None,
        "2024-03-05 00:00:00": None,
    },
    "timestamp": {
        "2024-03-05 12:30:00": (NOON, AS_IT_IS),
        "2024-03-05T12:30:00": (NOON, REPAIRED),
        "2024-03-05T12:30:00Z": (NOON, REPAIRED),
        "2024-03-05T14:30:00+02:00": (NOON, REPAIRED),
        "03/05/2024 12:30": (NOON, REPAIRED),
        "2024-03-05": (datetime(2024, 3, 5), REPAIRED),
        "20240305": (datetime(2024, 3, 5), REPAIRED),
        "2024-03-05 25:00:00": None,
        "2024-03-05 12:30": None,
        "noon": None,
    },
    "int": {
        "7": (7, AS_IT_IS),
        "-7": (-7, AS_IT_IS),
        " 7": (7, REPAIRED),
        "1,234": (1234, REPAIRED),
        "7.0": None,
        "99999999999": None,
        "seven": None,
    },
    "bigint": {"99999999999": (99999999999, AS_IT_IS), "99999999999999999999": None},
    "double": {
        "0.5": (0.5, AS_IT_IS),
        "1,000.5": (1000.5, REPAIRED),
        "NaN": None,
        "1e3": None,
        "0.5.1": None,
    },
    "decimal(12,2)": {
        "12.50": (Decimal("12.50"), AS_IT_IS),
        "-12.5": (Decimal("-12.50"), AS_IT_IS),
        "12": (Decimal("12.00"), AS_IT_IS),
        "$1,234.50": (Decimal("1234.50"), REPAIRED),
        "12.505": (Decimal("12.51"), REPAIRED),
        "99999999999.00": None,
        "(12.50)": None,
        "$": None,
        "12,50 EUR": None,
    },
    "boolean": {
        "true": (True, AS_IT_IS),
        "false": (False, AS_IT_IS),
        "TRUE": (True, REPAIRED),
        "Y": (True, REPAIRED),
        "0": (False, REPAIRED),
        "maybe": None,
    },
}
READINGS = [(kind, text, expected) for kind, cases in CASES.items() for text, expected in cases.items()]


def column(kind="string", **more):
    return Column("c", kind, "A column.", **more)


def readings(spark, of, texts):
    """Read texts as values of a column: per text the value, and whether it needed no repair."""
    raw = F.col("raw")
    value = repaired(of, raw)
    frame = spark.createDataFrame([(text,) for text in texts], "raw string")
    return {row[0]: row[1:] for row in frame.select("raw", value, is_canonical(of, raw, value)).collect()}


@pytest.fixture(scope="module")
def read(spark):
    return {kind: readings(spark, column(kind), cases) for kind, cases in CASES.items()}


@pytest.mark.parametrize(("kind", "text", "expected"), READINGS, ids=[f"{k} {t}" for k, t, _ in READINGS])
def test_a_text_is_read_as_its_type(read, kind, text, expected):
    if expected is None:
        assert read[kind][text][0] is None
    else:
        assert read[kind][text] == expected


def test_nothing_is_nothing_in_every_type(spark):
    blanks = ["", " ", "\t", "\u00a0", None]
    for kind in TYPES:
        assert {value for value, _ in readings(spark, column(kind), blanks).values()} == {None}, kind


@pytest.mark.parametrize("blanks", [" ", "\t", "\u00a0", " \t\u00a0 "])
def test_blanks_go_from_the_ends_and_stay_within(spark, blanks):
    within = f"a{blanks}b"
    assert readings(spark, column(), [f"{blanks}{within}{blanks}", within]) == {
        f"{blanks}{within}{blanks}": (within, False),
        within: (within, True),
    }


@pytest.mark.parametrize(
    ("case", "text", "value"),
    [(None, "aB", "aB"), ("upper", "aB", "AB"), ("lower", "aB", "ab"), ("code", "i50.9", "I509")],
)
def test_letters_take_the_case_of_the_contract(spark, case, text, value):
    assert readings(spark, column(case=case), [text, value]) == {
        text: (value, text == value),
        value: (value, True),
    }


def test_known_synonyms_become_the_value_and_unknown_ones_stay(spark):
    of = column(case="upper", values={"F": "Female", "Xy": "Other"}, synonyms={"woman": "F"})
    assert readings(spark, of, ["F", "f", " Woman ", "xY", "b"]) == {
        "F": ("F", True),
        "f": ("F", False),
        " Woman ": ("F", False),
        "xY": ("Xy", False),
        "b": ("B", False),
    }
