from datetime import date, datetime

import pytest

from ml.features.as_of import as_of_dates, covered, known_by
from tests.tables import rows, table

LAST_SECOND = {"hour": 23, "minute": 59, "second": 59}


@pytest.fixture(scope="module")
def dates(spark):
    delivered = [
        {"delivery": ".", "data_through": datetime(2024, 6, 30, **LAST_SECOND)},
        {"delivery": "next", "data_through": datetime(2024, 12, 31, **LAST_SECOND)},
    ]
    begun = [{"admitted_at": datetime(2022, 1, 1, 8)}, {"admitted_at": datetime(2024, 3, 1, 8)}]
    return as_of_dates(table(spark, "silver/deliveries", delivered), table(spark, "silver/encounters", begun))


def test_the_dates_lie_whole_months_before_the_last_day_delivered(dates):
    days = [date(2022, 9, 30), date(2022, 12, 31), date(2023, 12, 31), date(2024, 12, 31)]
    expected = [(day, datetime(day.year, day.month, day.day, 23, 59, 59), date(2022, 1, 1)) for day in days]
    assert rows(dates, "as_of", "predicted_at", "observed_since") == expected


def test_an_event_is_known_from_its_own_second_on(spark, dates):
    claims = table(
        spark,
        "silver/claims",
        [
            {"claim_id": "last second", "submitted_at": datetime(2024, 12, 31, **LAST_SECOND)},
            {"claim_id": "next day", "submitted_at": datetime(2025, 1, 1)},
            {"claim_id": "year before", "submitted_at": datetime(2023, 12, 31, 12)},
        ],
    )
    assert rows(known_by(claims, dates, "submitted_at"), "claim_id", "as_of") == [
        ("last second", date(2024, 12, 31)),
        ("year before", date(2023, 12, 31)),
        ("year before", date(2024, 12, 31)),
    ]


def test_coverage_counts_on_its_first_and_last_day(spark, dates):
    segments = [
        {"patient_id": "ended before", "segment_start": date(2022, 12, 1), "segment_end": date(2023, 12, 30)},
        {"patient_id": "ends on it", "segment_start": date(2023, 1, 1), "segment_end": date(2023, 12, 31)},
        {"patient_id": "starts on it", "segment_start": date(2024, 12, 31)},
    ]
    assert rows(covered(table(spark, "gold/fact_enrollment", segments), dates), "patient_id", "as_of") == [
        ("ended before", date(2022, 12, 31)),
        ("ends on it", date(2023, 12, 31)),
        ("starts on it", date(2024, 12, 31)),
    ]
