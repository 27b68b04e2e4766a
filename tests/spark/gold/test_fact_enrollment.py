from datetime import date

import pytest

from jobs.gold.facts.fact_enrollment import fact_enrollment
from tests.tables import rows, table

PAYERS = {"MCR": "medicare", "MCD": "medicaid", "COM": "commercial", "NONE": "uninsured"}


def day(text):
    return date.fromisoformat(text) if text else None


def span(key, start, end=None, payer="COM", **more):
    return {
        "enrollment_id": key,
        "patient_id": "P1",
        "payer_id": payer,
        "coverage_start": day(start),
        "coverage_end": day(end),
    } | more


@pytest.fixture(scope="module")
def segments(spark, patient_versions):
    payers = [{"payer_id": key, "name": key, "payer_class": kind} for key, kind in PAYERS.items()]

    def of(*spans, columns=("segment_start", "segment_end", "enrollment_id")):
        made = fact_enrollment(
            enrollment=table(spark, "silver/enrollment", spans),
            dim_patient=patient_versions,
            payers=table(spark, "reference/payers", payers),
        )
        return [tuple(str(value) for value in row) for row in rows(made, *columns)]

    return of


def test_a_later_span_takes_over_and_the_earlier_one_comes_back(segments):
    spans = [span("N1", "2024-01-01"), span("N2", "2024-03-10", "2024-04-20")]
    assert segments(*spans) == [
        ("2024-01-01", "2024-03-09", "N1"),
        ("2024-03-10", "2024-04-20", "N2"),
        ("2024-04-21", "None", "N1"),
    ]


def test_a_span_that_never_is_of_record_has_no_segment(segments):
    spans = [span("N1", "2024-01-01", "2024-12-31"), span("N2", "2024-03-01", "2024-04-30", payer="MCD")]
    assert segments(*spans) == [("2024-01-01", "2024-12-31", "N1")]


def test_medicaid_pays_after_others_and_before_none(segments):
    spans = [
        span("N1", "2024-01-01", "2024-12-31", payer="NONE"),
        span("N2", "2024-02-01", "2024-11-30", payer="MCD"),
        span("N3", "2023-06-01", "2024-03-31", payer="MCR"),
    ]
    assert segments(*spans, columns=("segment_start", "enrollment_id", "is_insured")) == [
        ("2023-06-01", "N3", "True"),
        ("2024-04-01", "N2", "True"),
        ("2024-12-01", "N1", "False"),
    ]


def test_a_payer_that_is_not_known_yet_insures_all_the_same(segments):
    made = segments(
        span("N1", "2024-01-01", payer="NEW"),
        span("N2", "2024-02-01", payer="COM", plan_type="self_pay"),
        columns=("segment_start", "enrollment_id", "is_insured"),
    )
    assert made == [("2024-01-01", "N1", "True")]


def test_gaps_are_counted_in_days(segments):
    spans = [
        span("N1", "2024-01-01", "2024-01-31"),
        span("N2", "2024-02-01", "2024-02-10"),
        span("N3", "2024-03-01"),
    ]
    assert segments(*spans, columns=("enrollment_id", "gap_days", "covered_days")) == [
        ("N1", "None", "31"),
        ("N2", "0", "10"),
        ("N3", "19", "None"),
    ]


MONTHS = ("enrollment_id", "first_member_month", "last_member_month", "member_months")


def test_a_month_counts_once_for_a_person(segments):
    """April is touched by all three; it belongs to the span of its first day."""
    spans = [
        span("N1", "2024-03-15", "2024-04-02"),
        span("N2", "2024-04-03", "2024-04-20"),
        span("N3", "2024-04-21", "2024-06-01"),
    ]
    assert segments(*spans, columns=MONTHS) == [
        ("N1", "2024-03-01", "2024-04-01", "2"),
        ("N2", "None", "None", "0"),
        ("N3", "2024-05-01", "2024-06-01", "2"),
    ]


def test_an_open_segment_counts_from_a_month_on(segments):
    spans = [span("N1", "2024-03-15", "2024-04-02"), span("N2", "2024-04-03")]
    assert segments(*spans, columns=MONTHS)[1] == ("N2", "2024-05-01", "None", "None")


def test_a_month_with_any_insured_day_is_an_enrolled_month(segments):
    spans = [
        span("N1", "2024-01-01", "2024-01-09", payer="NONE"),
        span("N2", "2024-01-10", "2024-01-31"),
    ]
    columns = (*MONTHS, "weighted_member_months")
    assert segments(*spans, columns=columns) == [
        ("N1", "None", "None", "0", "0.0"),
        ("N2", "2024-01-01", "2024-01-01", "1", str(1 - 9 / 31)),
    ]


def test_the_patients_version_is_that_of_the_first_day(segments):
    spans = [span("N1", "2024-02-01", "2024-03-31"), span("N2", "2024-04-01")]
    assert segments(*spans, columns=("enrollment_id", "patient_sk", "start_date_key", "end_date_key")) == [
        ("N1", "P1-old", "20240201", "20240331"),
        ("N2", "P1-new", "20240401", "None"),
    ]
