from datetime import date
from decimal import Decimal

from ml.features.history import cost, earlier_stays, earlier_visits
from tests.spark.ml.conftest import at
from tests.tables import rows, table

ADMISSIONS = (
    "admissions_6m",
    "admissions_12m",
    "returns_12m",
    "bed_days_12m",
    "days_since_last_discharge",
)


def stay(key, begin, end, **more):
    return {
        "encounter_id": key,
        "admitted_at": at(begin),
        "discharged_at": at(end) if end else None,
        "los_days": 3,
    } | more


def history(stays, *given):
    made = stays(stay("S", "06-10", "06-20"), *given)
    asked = made.where("encounter_id = 'S'")
    return rows(earlier_stays(asked, made), *ADMISSIONS)


def test_admissions_count_by_their_begin_and_only_when_ended(stays):
    earlier = [
        stay("A", "01-02", "01-05"),
        stay("B", "01-20", "01-30"),
        stay("C", "06-01", "06-10 12"),
        stay("D", "06-05", None),
        stay("E", "06-12", "06-15"),
        stay("F", "06-01", "06-05", patient_id="P2"),
    ]
    assert history(stays, *earlier) == [(3, 3, 1, 9, 0)]


def test_half_a_year_and_a_year_before_the_admission_to_the_hour(stays):
    at_the_edge = stay("A", "01-01", "01-02", admitted_at=at("06-10").replace(year=2023))
    too_early = stay("B", "01-01", "01-02", admitted_at=at("06-10 11").replace(year=2023))
    assert history(stays, at_the_edge)[0][:2] == (0, 1)
    assert history(stays, too_early)[0][:2] == (0, 0)


def test_a_chain_is_one_admission_and_its_own_earlier_legs_are_none(stays):
    earlier = [
        stay("A", "02-01", "02-03"),
        stay("B", "02-03 15", "02-06", chain_id="A", chain_position=2),
        stay("L", "06-08", "06-10", chain_id="L"),
    ]
    made = stays(stay("S", "06-10", "06-20", chain_id="L", chain_position=2), *earlier)
    found = earlier_stays(made.where("encounter_id = 'S'"), made)
    assert rows(found, *ADMISSIONS) == [(1, 1, 0, 6, 125)]


def visits(spark, a_stay, *given):
    encounters = [
        {"encounter_id": str(number), "patient_id": "P1"} | visit for number, visit in enumerate(given)
    ]
    made = earlier_visits(a_stay, table(spark, "silver/encounters", encounters))
    names = ("emergency_visits_6m", "emergency_visits_12m", "outpatient_visits_12m", "history_days")
    return rows(made, *names)


def visit(kind, begin, end):
    return {"encounter_type": kind, "admitted_at": at(begin), "discharged_at": at(end) if end else None}


def test_visits_count_by_kind_and_window(spark, a_stay):
    given = [
        visit("emergency", "01-05", "01-05 13"),
        visit("emergency", "05-01", "05-01 15"),
        visit("outpatient", "05-02", "05-02 13"),
        visit("outpatient", "06-11", "06-11 13"),
        visit("inpatient", "01-01", "01-03"),
    ]
    assert visits(spark, a_stay, *given) == [(2, 2, 1, 161)]


def test_the_emergency_visit_that_led_to_the_stay_is_not_counted(spark, a_stay):
    led_to_it = visit("emergency", "06-10 08", "06-10 12")
    left_before = visit("emergency", "06-10 05", "06-10 07")
    still_there = visit("emergency", "06-10 09", None)
    assert visits(spark, a_stay, led_to_it, left_before, still_there) == [(1, 1, 0, 0)]


def claim(key, service, submitted, adjudicated, allowed, version="original"):
    return {
        "claim_id": key,
        "patient_id": "P1",
        "claim_version": version,
        "service_from": date.fromisoformat(f"2024-{service}"),
        "submitted_at": at(submitted),
        "adjudicated_at": at(adjudicated) if adjudicated else None,
        "allowed_amount": Decimal(allowed) if allowed else None,
    }


def test_money_counts_once_the_payer_has_decided_and_claims_once_submitted(spark, a_stay):
    claims = [
        claim("1", "05-01", "05-05", "05-20", "100.00"),
        claim("2", "05-01", "06-01", "06-20 11", "-100.00", "reversal"),
        claim("3", "05-01", "06-01", "06-20 13", "80.00", "adjustment"),
        claim("4", "06-01", "06-10", "07-01", "500.00"),
        claim("5", "06-01", "06-20 13", "06-20 13", "900.00"),
        claim("6", "06-02", "06-10", "06-11", "7.00"),
    ]
    made = cost(a_stay, table(spark, "gold/fact_claims", claims))
    assert rows(made, "claims_12m", "allowed_amount_12m") == [(3, Decimal("7.00"))]
