from datetime import date

import pytest

from ml.features.drugs import drugs
from ml.features.long_term_care import registered, treated
from tests.spark.ml.conftest import at
from tests.tables import rows, table


def day(text):
    return date.fromisoformat(f"2024-{text}") if text else None


def supply(key, drug, begin, end, **more):
    return {
        "medication_id": key,
        "patient_id": "P1",
        "drug_code": drug,
        "source": "dispensed",
        "ordered_at": at(f"{begin} 09"),
        "started_on": day(begin),
        "ended_on": day(end),
    } | more


@pytest.fixture(scope="module")
def active(spark, a_stay):
    def of(*supplies):
        kinds = [{"drug_code": "a", "drug_class": "statin"}, {"drug_code": "b", "drug_class": "statin"}]
        made = drugs(
            a_stay, table(spark, "gold/fact_medications", supplies), table(spark, "gold/dim_drug", kinds)
        )
        return rows(made, "active_drugs", "active_drug_classes", "supply_gap_days")

    return of


def test_a_drug_is_active_while_its_supply_covers_the_day(active):
    supplies = [
        supply("1", "a", "06-01", "06-20", gap_days=4),
        supply("2", "b", "06-19", "07-19", gap_days=-3),
        supply("3", "c", "05-01", "06-19"),
        supply("4", "d", "06-20", "07-20"),
        supply("5", "e", "06-01", "07-01", source="administered"),
    ]
    assert active(*supplies) == [(2, 1, 2.0)]


def test_without_any_supply_of_the_year_nothing_is_said(active):
    assert active(supply("1", "a", "06-20", "07-20")) == []
    assert active(supply("1", "a", "01-01", "01-30")) == [(0, 0, None)]


def test_registered_conditions_are_those_of_the_days_before_and_a_severity_is_1_to_4(spark, a_stay):
    known = [("copd", "06-19", 1), ("ckd", "01-01", 2), ("cancer", "01-01", 9), ("stroke", "06-20", 4)]
    entries = [
        {"registry_id": c, "patient_id": "P1", "condition": c, "registered_on": day(d), "severity": n}
        for c, d, n in known
    ]
    made = registered(a_stay, table(spark, "silver/registry", entries))
    assert rows(made, "registered_conditions", "registered_severity") == [(3, 1.5)]


def test_a_treatment_runs_until_its_end(spark, a_stay):
    spans = [("06-01", None), ("06-01", "06-20"), ("06-01", "06-19"), ("06-20", None)]
    treatments = [
        {"treatment_id": str(n), "patient_id": "P1", "started_on": day(b), "ended_on": day(e)}
        for n, (b, e) in enumerate(spans)
    ]
    assert rows(treated(a_stay, table(spark, "gold/fact_treatments", treatments)), "running_treatments") == [
        (2,)
    ]
