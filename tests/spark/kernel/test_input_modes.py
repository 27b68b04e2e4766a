"""What a change touches by the mode of its input: a new horizon what awaits it, columns not read nothing."""

import shutil

import pytest

from carelake.builder import Builder
from carelake.delta import Lake
from carelake.registry import Registry
from carelake.states import Note
from tests.spark.kernel.watched_tables import INPUTS, WATCHED, watched

VISITS = [("V1", "W1", 5), ("V2", "W2", 15), ("V3", "W1", 25)]
WARDS = [("W1", "icu", 8), ("W2", "surgical", 20)]
NOTES = [("N1", 10)]
BUILT = [("V1", "icu", True, 10), ("V2", "surgical", False, 10), ("V3", "icu", False, 10)]


class Place:
    """A lake in which a test puts the inputs of `watched` and builds it."""

    def __init__(self, spark, root):
        self.spark = spark
        self.lake = Lake(root, lambda: spark)

    def put(self, **tables):
        for name, rows in tables.items():
            table, note = f"silver/{name}", Note("put", "c1")
            frame = self.spark.createDataFrame(rows, INPUTS[name])
            if self.lake.state(table) is None:
                self.lake.overwrite(table, frame, note)
            else:
                self.lake.apply(table, self.lake.read(table), frame, ["id"], note)

    def build(self):
        """Return how many rows were written, or that it was built or current."""
        builder = Builder(self.lake, Registry({WATCHED.table: WATCHED}), None, "run")
        (built,) = builder.build(WATCHED)
        return built.written.changed if built.status == "updated" else built.status

    def rows(self):
        return sorted(tuple(row) for row in self.lake.read(WATCHED.table).collect())

    def of_the_whole(self):
        """Return what the inputs make as they are now."""
        frames = {name: self.lake.read(f"silver/{name}") for name in INPUTS}
        frames["wards"] = frames["wards"].drop("beds")
        return sorted(tuple(row) for row in watched(**frames).collect())


@pytest.fixture(scope="module")
def built(spark, tmp_path_factory):
    place = Place(spark, tmp_path_factory.mktemp("built") / "lake")
    place.put(visits=VISITS, wards=WARDS, notes=NOTES)
    assert (place.build(), place.rows()) == ("built", BUILT)
    return place


@pytest.fixture
def place(built, tmp_path):
    """Three visits, of which the data reaches beyond the first."""
    return Place(built.spark, shutil.copytree(built.lake.root, tmp_path / "lake"))


NEW_HORIZON = [("V1", "icu", True, 10), ("V2", "surgical", True, 20), ("V3", "icu", False, 20)]


@pytest.mark.parametrize(
    ("changes", "written", "rows"),
    [
        pytest.param({"notes": [*NOTES, ("N2", 20)]}, 2, NEW_HORIZON, id="a horizon touches what awaits it"),
        pytest.param({"notes": [*NOTES, ("N0", 3)]}, 0, BUILT, id="a nearer horizon changes nothing"),
        pytest.param(
            {"notes": [("N1", 3)]},
            3,
            [("V1", "icu", False, 3), ("V2", "surgical", False, 3), ("V3", "icu", False, 3)],
            id="a corrected horizon touches all",
        ),
        pytest.param(
            {"notes": [("N2", 12)]},
            3,
            [("V1", "icu", True, 12), ("V2", "surgical", False, 12), ("V3", "icu", False, 12)],
            id="a horizon in the place of another touches all",
        ),
        pytest.param(
            {"notes": [*NOTES, ("N2", 20)], "visits": [("V1", "W2", 5), *VISITS[1:], ("V4", "W2", 1)]},
            4,
            [
                ("V1", "surgical", True, 20),
                ("V2", "surgical", True, 20),
                ("V3", "icu", False, 20),
                ("V4", "surgical", True, 20),
            ],
            id="a horizon and changed rows touch both",
        ),
        pytest.param(
            {"wards": [("W1", "icu", 9), ("W2", "surgical", None)]},
            0,
            BUILT,
            id="columns that are not read touch nothing",
        ),
        pytest.param(
            {"wards": [("W1", "burns", 8), WARDS[1]]},
            2,
            [("V1", "burns", True, 10), ("V2", "surgical", False, 10), ("V3", "burns", False, 10)],
            id="columns that are read touch all",
        ),
        pytest.param(
            {"wards": [("W1", "surgical", 8), ("W2", "icu", 20)]},
            3,
            [("V1", "surgical", True, 10), ("V2", "icu", False, 10), ("V3", "surgical", False, 10)],
            id="values that change places touch all",
        ),
        pytest.param(
            {"wards": WARDS[:1]},
            1,
            [("V1", "icu", True, 10), ("V2", None, False, 10), ("V3", "icu", False, 10)],
            id="a row that goes touches all",
        ),
    ],
)
def test_a_change_touches_what_it_may_change(place, changes, written, rows):
    place.put(**changes)
    assert place.build() == written
    assert place.rows() == rows
    assert [row[:3] for row in rows] == [row[:3] for row in place.of_the_whole()]
    assert place.build() == "current"


def test_other_columns_leave_even_rows_alone_that_would_change(place):
    """Had the wards' beds touched all rows, these would have been made anew at the new horizon."""
    place.put(notes=[*NOTES, ("N2", 30)], wards=[("W1", "icu", 9), WARDS[1]])
    assert place.build() == 2
    assert [made_at for *_, made_at in place.rows()] == [10, 30, 30]
