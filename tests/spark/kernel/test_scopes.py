"""Inputs are restricted to what is touched without being moved, and rows that share a key stay together."""

import pytest
from pyspark.sql import functions as F

from carelake.scopes import SCOPE, near, restrict, with_linked


@pytest.fixture
def touched(spark):
    return spark.createDataFrame([("P1",), ("P2",)], f"{SCOPE} string")


@pytest.mark.parametrize(("few", "is_moved"), [(2, False), (1, True)])
def test_an_input_is_moved_only_for_many_touched_scopes(spark, touched, few, is_moved):
    unsized = spark.range(1000).select(F.concat(F.lit("P"), "id").alias("patient_id"))
    joined = restrict(unsized, F.col("patient_id"), near(touched, few))
    assert ("strategy=broadcast" in joined._jdf.queryExecution().analyzed().toString()) is not is_moved
    assert {row.patient_id for row in joined.collect()} == {"P1", "P2"}


def test_scopes_that_share_a_key_are_touched_together_also_through_others(spark, touched):
    rows = [
        ("P1", "a"),
        ("P3", "a"),
        ("P3", "b"),
        ("P4", "b"),
        ("P5", "c"),
        ("P6", "c"),
        ("P7", None),
        ("P1", None),
    ]
    links = spark.createDataFrame([*rows, *rows], f"{SCOPE} string, _key string")
    found = {row[SCOPE] for row in with_linked(touched, links).collect()}
    assert found == {"P1", "P2", "P3", "P4"}
