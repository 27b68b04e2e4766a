"""`fact_enrollment` against a plain reading: ask of each single day which span is of record."""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from itertools import groupby

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.gold.facts.fact_enrollment import fact_enrollment
from tests.tables import table

PATIENTS = 25
EPOCH = date(2024, 1, 20)
HORIZON = 120
"""Days looked at; every span begins and every closed one ends before."""
PAYER_ORDER = {"medicare": 0, "commercial": 0, "medicaid": 1, "uninsured": 2}


@dataclass(frozen=True)
class Span:
    """Days from `start` through `end` (None: open), counted from the epoch."""

    key: str
    start: int
    end: int | None
    payer: str
    updated: int

    def covers(self, day: int) -> bool:
        return self.start <= day and (self.end is None or day <= self.end)


@st.composite
def one_history(draw) -> list[Span]:
    spans = []
    for number in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, 70))
        end = draw(st.one_of(st.none(), st.integers(start, 100)))
        payer = draw(st.sampled_from(sorted(PAYER_ORDER)))
        spans.append(Span(f"N{number}", start, end, payer, draw(st.integers(0, 2))))
    return spans


histories = st.lists(one_history(), min_size=PATIENTS, max_size=PATIENTS)


def of_record(spans: list[Span], day: int) -> Span | None:
    covering = [span for span in spans if span.covers(day)]
    rank = [(-PAYER_ORDER[span.payer], span.start, span.updated, span.key, span) for span in covering]
    return max(rank, key=lambda entry: entry[:4])[4] if rank else None


def expected(spans: list[Span]) -> list[tuple[int, int | None, str]]:
    """Return first day, last day (None: open) and key of each segment."""
    days = [(day, of_record(spans, day)) for day in range(HORIZON)]
    segments = []
    for span, run in groupby(days, key=lambda entry: entry[1]):
        numbers = [day for day, _ in run]
        last = None if numbers[-1] == HORIZON - 1 else numbers[-1]
        if span is not None:
            segments.append((numbers[0], last, span.key))
    return segments


def insured_months(spans: list[Span]) -> set[tuple[int, int]]:
    """Return the calendar months with an insured day among the days looked at."""
    days = [EPOCH + timedelta(days=day) for day in range(HORIZON) if insured(of_record(spans, day))]
    return {(day.year, day.month) for day in days}


def insured(span: Span | None) -> bool:
    return span is not None and span.payer != "uninsured"


def landed(patient: int, span: Span) -> dict:
    return {
        "enrollment_id": span.key,
        "patient_id": f"P{patient}",
        "payer_id": span.payer,
        "coverage_start": EPOCH + timedelta(days=span.start),
        "coverage_end": None if span.end is None else EPOCH + timedelta(days=span.end),
        "updated_at": datetime(2024, 6, 1 + span.updated),
    }


def segments(spark, histories: list[list[Span]], order) -> dict[str, list]:
    rows = [landed(patient, span) for patient, spans in enumerate(histories) for span in spans]
    order.shuffle(rows)
    payers = [{"payer_id": kind, "name": kind, "payer_class": kind} for kind in PAYER_ORDER]
    made = fact_enrollment(
        enrollment=table(spark, "silver/enrollment", rows),
        dim_patient=table(spark, "gold/dim_patient"),
        payers=table(spark, "reference/payers", payers),
    ).collect()
    by_patient: dict[str, list] = {}
    for row in sorted(made, key=lambda row: (row.patient_id, row.segment_start)):
        by_patient.setdefault(row.patient_id, []).append(row)
    return by_patient


def months_of(row) -> list[tuple[int, int]]:
    """Return the months that count for a segment, an open one followed to the horizon."""
    if row.first_member_month is None:
        return []
    last = row.last_member_month or EPOCH + timedelta(days=HORIZON - 1)
    months = range(
        row.first_member_month.year * 12 + row.first_member_month.month - 1, last.year * 12 + last.month
    )
    return [(month // 12, month % 12 + 1) for month in months]


@pytest.mark.timeout(300)
@settings(max_examples=5)
@given(histories=histories, order=st.randoms(use_true_random=False))
def test_segments_are_the_spans_of_record_day_by_day(spark, histories, order):
    found = segments(spark, histories, order)
    for patient, spans in enumerate(histories):
        rows = found[f"P{patient}"]
        assert [
            (
                (row.segment_start - EPOCH).days,
                None if row.segment_end is None else (row.segment_end - EPOCH).days,
                row.enrollment_id,
            )
            for row in rows
        ] == expected(spans)
        months = [month for row in rows for month in months_of(row)]
        assert len(months) == len(set(months)), "a month counts once for a person"
        assert set(months) == insured_months(spans)
        for row in rows:
            if row.segment_end is not None:
                assert row.member_months == len(months_of(row))
