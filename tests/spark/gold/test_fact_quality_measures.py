from datetime import date

import pytest

from jobs.gold.facts.fact_quality_measures import fact_quality_measures
from tests.tables import rows, table

ICU = {"facility_id": "F1", "unit": "icu", "month": date(2024, 1, 1)}
RATES = ("measure_id", "numerator", "denominator", "rate", "rate_unit")


@pytest.fixture(scope="module")
def measures(spark):
    def of(hai_data=(), cms_measures=()):
        return fact_quality_measures(
            cms_measures=table(spark, "silver/cms_measures", cms_measures),
            hai_data=table(spark, "silver/hai_data", hai_data),
        )

    return of


def test_each_infection_has_its_own_exposure(measures):
    exposure = {
        "patient_days": 5000,
        "central_line_days": 500,
        "urinary_catheter_days": 800,
        "surgical_procedures": 50,
    }
    events = {f"{name}_events": 2 for name in ("clabsi", "cauti", "mrsa", "cdi", "ssi")}
    made = measures(hai_data=[ICU | exposure | events]).where("period_type = 'month'")
    assert rows(made, *RATES) == [
        ("CAUTI", 2, 800, 2.5, "per 1,000 device days"),
        ("CDI", 2, 5000, 0.4, "per 1,000 patient days"),
        ("CLABSI", 2, 500, 4.0, "per 1,000 device days"),
        ("MRSA", 2, 5000, 0.4, "per 1,000 patient days"),
        ("SSI", 2, 50, 4.0, "per 100 procedures"),
    ]


def clabsi(month, events, days, predicted, **more):
    return (
        ICU
        | {
            "month": date(2024, month, 1),
            "clabsi_events": events,
            "central_line_days": days,
            "clabsi_predicted": predicted,
        }
        | more
    )


def test_units_and_months_add_up_and_ratios_are_made_of_the_sums(measures):
    made = measures(
        hai_data=[
            clabsi(1, 1, 100, 0.4),
            clabsi(1, 2, 300, 0.3, unit="medical"),
            clabsi(2, 0, 100, 0.2),
            clabsi(3, 3, 500, 0.6),
            clabsi(4, 1, 100, 1.0),
        ]
    )
    columns = ("period_type", "period_start", "period_end", "numerator", "rate", "predicted", "sir")
    found = [tuple(str(value) for value in row) for row in rows(made, *columns, "is_complete")]
    assert found == [
        ("month", "2024-01-01", "2024-01-31", "3", "7.5", "0.7", "None", "True"),
        ("month", "2024-02-01", "2024-02-29", "0", "0.0", "0.2", "None", "True"),
        ("month", "2024-03-01", "2024-03-31", "3", "6.0", "0.6", "None", "True"),
        ("month", "2024-04-01", "2024-04-30", "1", "10.0", "1.0", "1.0", "True"),
        ("quarter", "2024-01-01", "2024-03-31", "6", "6.0", "1.5", "4.0", "True"),
        ("quarter", "2024-04-01", "2024-06-30", "1", "10.0", "1.0", "1.0", "False"),
        ("year", "2024-01-01", "2024-12-31", "7", str(7000 / 1100), "2.5", "2.8", "False"),
    ]


def test_without_exposure_there_is_no_rate_and_without_a_report_no_row(measures):
    made = measures(
        hai_data=[
            clabsi(1, 0, 0, 0.0),
            clabsi(1, None, 100, 0.3, unit="medical"),
            clabsi(1, 5, None, 0.3, unit="surgical"),
        ]
    )
    made = made.where("period_type = 'month'")
    assert rows(made, "measure_id", "numerator", "denominator", "rate") == [("CLABSI", 0, 0, None)]


def test_a_sum_with_a_month_that_lacks_its_prediction_has_no_ratio(measures):
    made = measures(hai_data=[clabsi(1, 3, 100, 2.0), clabsi(2, 1, 100, None)])
    assert rows(made, "period_type", "period_start", "sir") == [
        ("month", date(2024, 1, 1), 1.5),
        ("month", date(2024, 2, 1), None),
        ("quarter", date(2024, 1, 1), None),
        ("year", date(2024, 1, 1), None),
    ]


def test_reported_measures_keep_their_score_beside_the_rate_of_their_counts(measures):
    def reported(start, end, numerator, denominator, score):
        return {
            "facility_id": "F1",
            "measure_id": "IP_MORTALITY",
            "period_start": date.fromisoformat(start),
            "period_end": date.fromisoformat(end),
            "numerator": numerator,
            "denominator": denominator,
            "score": score,
        }

    made = measures(
        cms_measures=[
            reported("2024-01-01", "2024-03-31", 3, 120, 2.5),
            reported("2024-04-01", "2024-06-30", 0, 0, None),
            reported("2023-01-01", "2023-12-31", 1, 40, 9.9),
            reported("2022-07-01", "2023-06-30", 1, 40, 2.5),
        ]
    )
    columns = ("period_start", "period_type", "rate", "reported_score", "source", "sir")
    assert [(str(row[0]), *row[1:]) for row in rows(made, *columns)] == [
        ("2022-07-01", "other", 2.5, 2.5, "cms_measures", None),
        ("2023-01-01", "year", 2.5, 9.9, "cms_measures", None),
        ("2024-01-01", "quarter", 2.5, 2.5, "cms_measures", None),
        ("2024-04-01", "quarter", None, None, "cms_measures", None),
    ]
