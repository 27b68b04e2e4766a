import pandas as pd

from datagenerator.extract.history import history
from datagenerator.extract.layout import LAYOUTS
from datagenerator.extract.text import typed


def versions(*rows):
    """Return history lines of rows (patient, effective day, recorded day, city) as short tuples."""
    columns = dict.fromkeys(LAYOUTS["patients"].columns)
    frame = pd.DataFrame(
        [
            {**columns, "patient_id": p, "effective_date": e, "recorded_at": r, "updated_at": r, "city": c}
            for p, e, r, c in rows
        ]
    )
    table = history(typed(frame, LAYOUTS["patients"])).to_pandas()
    return list(table[["patient_id", "valid_from", "valid_to", "city"]].itertuples(index=False, name=None))


def test_a_version_ends_where_the_next_begins():
    assert versions(("A", "2024-01-01", "2024-01-02", "Bonn"), ("A", "2024-05-01", "2024-05-01", "Ulm")) == [
        ("A", "2024-01-01", "2024-05-01", "Bonn"),
        ("A", "2024-05-01", "", "Ulm"),
    ]


def test_a_backdated_version_splits_the_one_it_falls_in():
    rows = [
        ("A", "2024-01-01", "2024-01-02", "Bonn"),
        ("A", "2024-09-01", "2024-09-01", "Ulm"),
        ("A", "2024-03-01", "2024-12-01", "Kiel"),
    ]
    assert [(begin, end) for _, begin, end, _ in versions(*rows)] == [
        ("2024-01-01", "2024-03-01"),
        ("2024-03-01", "2024-09-01"),
        ("2024-09-01", ""),
    ]


def test_the_last_recording_of_a_day_holds():
    assert versions(("A", "2024-01-01", "2024-02-02", "Ulm"), ("A", "2024-01-01", "2024-01-02", "Bonn")) == [
        ("A", "2024-01-01", "", "Ulm")
    ]


def test_equal_neighbours_make_one_version_but_not_across_patients():
    rows = [
        ("A", "2024-01-01", "2024-01-02", None),
        ("A", "2024-02-01", "2024-02-02", None),
        ("B", "2024-03-01", "2024-03-02", None),
    ]
    assert versions(*rows) == [("A", "2024-01-01", "", ""), ("B", "2024-03-01", "", "")]


def test_a_value_that_comes_back_is_a_version_again():
    rows = [("A", f"2024-0{n}-01", "2024-09-01", city) for n, city in enumerate(["Bonn", "Ulm", "Bonn"], 1)]
    assert [city for *_, city in versions(*rows)] == ["Bonn", "Ulm", "Bonn"]
