"""A lake that is maintained, however late its readers are, ends as one that never was."""

from datetime import timedelta

import pytest

from carelake.delta import Lake
from carelake.maintenance import maintain, tables_of
from carelake.states import keeps_changes
from tests.builders import assert_same_rows
from tests.spark.kernel.small_place import DELIVERIES, Place


def maintain_all(lake: Lake):
    """Leave nothing but what the last versions hold, in one file each."""
    tables = tables_of(lake.root)
    return [maintain(lake.root, table, "maintenance", timedelta(0), many=1) for table in tables]


@pytest.fixture
def place(spark, tmp_path):
    return Place(spark, tmp_path / "lake")


def test_maintenance_between_deliveries_and_before_they_are_read_changes_nothing(spark, tmp_path, place):
    whole = Place(spark, tmp_path / "whole")
    visits, read = place.lake.path("bronze/visits"), -1
    for number, delivery in enumerate(DELIVERIES):
        whole.deliver(**delivery)
        place.deliver(**delivery)
        maintain_all(place.lake)
        assert number == 0 or not keeps_changes(visits, read), "what is to be read next is gone"
        place.build()
        read = place.lake.state("bronze/visits").data_version
        maintain_all(place.lake)
        assert set(place.build().values()) == {"current"}, "no reader takes maintenance for a change"
    for table in whole.build():
        assert_same_rows(place.lake.read(table), whole.lake.read(table))
    assert not any(one.is_changed for one in maintain_all(place.lake)), "there is nothing left to do"
