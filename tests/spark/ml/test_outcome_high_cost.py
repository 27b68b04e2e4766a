from datetime import date, datetime
from decimal import Decimal

from ml.features.outcome_high_cost import outcome_high_cost
from tests.tables import rows, table


def paid(service, amount, version="original"):
    amounts = {"paid_amount": Decimal(amount), "allowed_amount": Decimal(2 * amount)}
    return {"patient_id": "P1", "service_from": service, "claim_version": version} | amounts


def outcome(spark, data_through, *claims):
    return outcome_high_cost(
        table(spark, "gold/features_high_cost", [{"patient_id": "P1", "as_of": date(2023, 12, 31)}]),
        table(spark, "silver/claims", claims),
        table(spark, "silver/deliveries", [{"data_through": data_through}]),
    )


def test_services_of_the_12_months_after_the_day(spark):
    found = outcome(
        spark,
        datetime(2025, 1, 31, 23, 59, 59),
        paid(date(2023, 12, 31), 1),
        paid(date(2024, 1, 1), 20),
        paid(date(2024, 12, 31), 300),
        paid(date(2024, 12, 31), -300, "reversal"),
        paid(date(2025, 1, 1), 4000),
    )
    assert rows(found, "paid_next_12m", "allowed_next_12m", "claim_count_next_12m", "run_out_days") == [
        (Decimal(20), Decimal(40), 2, 31)
    ]


def test_no_care_costs_nothing_once_the_window_is_over(spark):
    found = outcome(spark, datetime(2024, 12, 31, 23, 59, 59))
    assert rows(found, "window_end", "is_complete", "paid_next_12m") == [
        (date(2024, 12, 31), True, Decimal(0))
    ]


def test_an_incomplete_window_has_no_amount(spark):
    found = outcome(spark, datetime(2024, 12, 31, 12), paid(date(2024, 1, 1), 20))
    assert rows(found, "is_complete", "paid_next_12m", "claim_count_next_12m") == [(False, None, None)]
