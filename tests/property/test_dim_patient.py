"""`dim_patient` against a plain reading of the rules: walk the days on which something was recorded."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import pairwise

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.gold.dimensions.dim_patient import dim_patient
from tests.tables import table

PATIENTS = 40
EPOCH = date(2024, 1, 1)


@dataclass(frozen=True)
class Record:
    """What the source recorded of a patient: two attributes that may share a value, or be unknown."""

    day: int
    recorded: int
    city: str | None
    phone: str | None


records = st.builds(
    Record,
    day=st.integers(0, 5),
    recorded=st.integers(0, 5),
    city=st.sampled_from([None, "a", "b"]),
    phone=st.sampled_from([None, "a"]),
)
one_history = st.lists(
    records, min_size=1, max_size=8, unique_by=lambda record: (record.day, record.recorded)
)
histories = st.lists(one_history, min_size=PATIENTS, max_size=PATIENTS)


def expected(history: list[Record]) -> list[tuple]:
    """Return valid_from, valid_to, is_current and the attributes of each version, in order."""
    known: dict[int, Record] = {}
    for record in sorted(history, key=lambda record: record.recorded):
        known[record.day] = record
    versions: list[Record] = []
    for day in sorted(known):
        if not versions or (versions[-1].city, versions[-1].phone) != (known[day].city, known[day].phone):
            versions.append(known[day])
    ends = [version.day for version in versions[1:]] + [None]
    return [
        (version.day, end, end is None, version.recorded, version.city, version.phone)
        for version, end in zip(versions, ends, strict=True)
    ]


def landed(patient: int, record: Record) -> dict:
    at = datetime(2024, 2, 1) + timedelta(days=record.recorded)
    return {
        "patient_id": f"P{patient:02d}",
        "effective_date": EPOCH + timedelta(days=record.day),
        "recorded_at": at,
        "updated_at": at,
        "last_name": "Doe",
        "city": record.city,
        "phone": record.phone,
    }


def found(spark, rows: list[dict]) -> dict[str, list[tuple]]:
    versions: dict[str, list[tuple]] = {}
    made = dim_patient(table(spark, "silver/patients", rows)).collect()
    for row in sorted(made, key=lambda row: (row.patient_id, row.valid_from)):
        end = (row.valid_to - EPOCH).days if row.valid_to else None
        recorded = (row.recorded_at - datetime(2024, 2, 1)).days
        version = ((row.valid_from - EPOCH).days, end, row.is_current, recorded, row.city, row.phone)
        versions.setdefault(row.patient_id, []).append(version)
    return versions


@pytest.mark.timeout(300)
@settings(max_examples=6)
@given(histories=histories, order=st.randoms(use_true_random=False))
def test_versions_are_those_of_a_plain_reading_whatever_the_order_of_arrival(spark, histories, order):
    rows = [landed(patient, record) for patient, history in enumerate(histories) for record in history]
    order.shuffle(rows)
    assert found(spark, rows) == {
        f"P{patient:02d}": expected(history) for patient, history in enumerate(histories)
    }


@pytest.mark.timeout(300)
@settings(max_examples=3)
@given(histories=histories)
def test_versions_leave_no_gap_do_not_overlap_and_one_is_current(spark, histories):
    rows = [landed(patient, record) for patient, history in enumerate(histories) for record in history]
    for patient, versions in found(spark, rows).items():
        history = histories[int(patient[1:])]
        assert versions[0][0] == min(record.day for record in history)
        assert [end for _, end, *_ in versions[:-1]] == [start for start, *_ in versions[1:]]
        assert [current for _, _, current, *_ in versions] == [False] * (len(versions) - 1) + [True]
        images = [version[4:] for version in versions]
        assert all(before != after for before, after in pairwise(images))
