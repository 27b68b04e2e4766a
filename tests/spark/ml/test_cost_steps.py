"""Each step of the features of high cost, as of 31 December 2023."""

import math
from datetime import date, datetime
from decimal import Decimal

import pytest
from pyspark.sql import functions as F

from ml.features.cost_conditions import conditions
from ml.features.cost_contacts import contacts, stays
from ml.features.cost_drugs import drugs
from ml.features.cost_outpatient import hospital_outpatient
from ml.features.cost_patients import age, is_alive, months_observed, versions_known
from ml.features.cost_spending import price_level, spending
from tests.tables import rows, table

AS_OF = date(2023, 12, 31)
LATER = datetime(2024, 1, 1)


@pytest.fixture(scope="module")
def dates(spark):
    row = (AS_OF, datetime(2023, 12, 31, 23, 59, 59), date(2023, 4, 1))
    return spark.createDataFrame([row], "as_of date, predicted_at timestamp, observed_since date")


def claim(service, allowed, **other):
    return {
        "patient_id": "P1",
        "claim_version": "original",
        "claim_status": "paid",
        "claim_form": "professional",
        "provider_id": "A",
        "service_from": service,
        "submitted_at": datetime(2023, 12, 20),
        "adjudicated_at": datetime(2023, 12, 30),
        "billed_amount": Decimal(2 * allowed),
        "allowed_amount": Decimal(allowed),
        "paid_amount": Decimal(allowed - 1),
        "patient_amount": Decimal(1),
    } | other


def test_spending_by_months_of_service(spark, dates):
    claims = [
        claim(date(2023, 10, 1), 8),
        claim(date(2023, 9, 30), 40, provider_id="B"),
        claim(date(2023, 6, 30), 200),
        claim(date(2022, 12, 31), 1000),
    ]
    found = spending(table(spark, "silver/claims", claims), dates)
    assert rows(found, "allowed_3m", "allowed_6m", "allowed_12m", "allowed_before", "paid_12m") == [
        (Decimal(8), Decimal(48), Decimal(248), Decimal(1000), Decimal(245))
    ]
    assert rows(found, "claim_count_12m", "claim_count_before", "months_with_claims_12m") == [(3, 1, 3)]
    assert rows(found, "billing_provider_count_12m", "largest_allowed_12m") == [(2, Decimal(200))]


def test_a_claim_counts_when_submitted_and_its_amounts_when_decided(spark, dates):
    claims = [
        claim(date(2023, 12, 1), 8, submitted_at=LATER, adjudicated_at=LATER),
        claim(date(2023, 12, 1), 40, adjudicated_at=LATER),
        claim(date(2023, 12, 1), 3, claim_status="denied"),
        claim(date(2023, 12, 1), 5, claim_status="denied", adjudicated_at=LATER),
    ]
    found = spending(table(spark, "silver/claims", claims), dates)
    assert rows(found, "claim_count_12m", "denied_count_12m", "allowed_3m", "billed_pending") == [
        (3, 1, Decimal(3), Decimal(90))
    ]


def test_corrections_change_amounts_and_not_counts(spark, dates):
    claims = [
        claim(date(2023, 12, 1), 8),
        claim(date(2023, 12, 1), -8, claim_version="reversal"),
        claim(date(2023, 12, 1), 5, claim_version="adjustment"),
    ]
    found = spending(table(spark, "silver/claims", claims), dates)
    assert rows(found, "allowed_12m", "claim_count_12m") == [(Decimal(5), 1)]


def test_what_hospitals_bill_for_outpatients(spark, dates):
    visits = [
        {"encounter_id": "V", "encounter_type": "outpatient", "admitted_at": datetime(2023, 2, 1)},
        {"encounter_id": "E", "encounter_type": "emergency", "admitted_at": datetime(2023, 2, 1)},
        {"encounter_id": "L", "encounter_type": "outpatient", "admitted_at": LATER},
    ]

    def billed(service, allowed, encounter="V", **other):
        told = {"encounter_id": encounter, "claim_form": "institutional"}
        return claim(service, allowed, **(told | other))

    claims = [
        billed(date(2023, 12, 1), 100),
        billed(date(2023, 6, 1), 400),
        billed(date(2022, 12, 31), 200),
        billed(date(2023, 12, 1), -100, claim_version="reversal"),
        billed(date(2023, 12, 1), 8, adjudicated_at=LATER),
        billed(date(2023, 12, 1), 16, submitted_at=LATER),
        billed(date(2023, 12, 1), 32, encounter="E"),
        billed(date(2023, 12, 1), 64, encounter="L"),
        billed(date(2023, 12, 1), 128, claim_form="professional"),
        billed(date(2023, 12, 1), 256, encounter=None),
    ]
    care = hospital_outpatient(
        table(spark, "silver/claims", claims), table(spark, "gold/fact_encounters", visits), dates
    )
    sums = ("hospital_outpatient_allowed_3m", "hospital_outpatient_allowed_12m")
    assert rows(care, *sums, "hospital_outpatient_count_12m") == [(Decimal(0), Decimal(400), 3)]
    mean_log = (math.log(100) + math.log(400) + math.log(200)) / 3
    assert rows(care, "log_hospital_outpatient_allowed") == [(pytest.approx(mean_log),)]


def test_the_level_of_prices_starts_from_the_usual(spark, dates):
    def submitted(deviation, at=datetime(2023, 12, 20), version="original"):
        told = {"patient_id": "P1", "predicted_at": at, "claim_version": version}
        return told | {"price_deviation": deviation}

    claims = [
        submitted(0.5),
        submitted(0.7),
        submitted(None),
        submitted(9.0, LATER),
        submitted(9.0, version="reversal"),
    ]
    found = price_level(table(spark, "gold/features_claims", claims), dates)
    assert rows(found, "price_level") == [(pytest.approx(1.2 / 4),)]


def test_contacts_begun_and_stays_so_far(spark, dates):
    def seen(kind, at):
        return {"patient_id": "P1", "encounter_type": kind, "admitted_at": at, "provider_id": kind}

    encounters = [
        seen("emergency", datetime(2023, 12, 21, 9)),
        seen("emergency", datetime(2023, 2, 1)),
        seen("outpatient", datetime(2022, 2, 1)),
        seen("outpatient", LATER),
    ]
    found = contacts(table(spark, "gold/fact_encounters", encounters), dates)
    counts = ("emergency_count_3m", "emergency_count_12m", "outpatient_count_12m", "encounter_count_before")
    assert rows(found, *counts, "days_since_encounter") == [(1, 2, 0, 1, 10)]
    in_hospital = [
        {"patient_id": "P1", "admitted_at": datetime(2023, 12, 28), "discharged_at": datetime(2024, 1, 9)},
        {"patient_id": "P1", "admitted_at": datetime(2023, 5, 1), "discharged_at": datetime(2023, 5, 1, 20)},
    ]
    found = stays(table(spark, "gold/fact_stays", in_hospital), dates)
    assert rows(found, "stay_count_3m", "stay_count_12m", "bed_days_12m", "is_in_hospital") == [
        (1, 2, 4, True)
    ]
    assert rows(found, "days_since_discharge") == [(244,)]


def test_conditions_of_encounters_that_are_over(spark, dates):
    encounters = [
        {"patient_id": "P1", "encounter_id": "over", "discharged_at": datetime(2023, 5, 1)},
        {"patient_id": "P1", "encounter_id": "open", "discharged_at": LATER},
    ]
    coded = {"over": ("K70", "K72", "E11", "J00"), "open": ("C78",)}
    diagnoses = [
        {"patient_id": "P1", "encounter_id": encounter, "diagnosis_code": code}
        for encounter, codes in coded.items()
        for code in codes
    ]
    known = {
        "K70": ("mild_liver_disease", "DIG", True),
        "K72": ("moderate_or_severe_liver_disease", "DIG", True),
        "E11": ("diabetes_with_complication", "END", True),
        "J00": (None, "RSP", False),
        "C78": ("metastatic_solid_tumor", "NEO", True),
    }
    codes = [
        {"diagnosis_code": code, "charlson_group": group, "ccsr_category": category, "is_chronic": chronic}
        for code, (group, category, chronic) in known.items()
    ]
    found = conditions(
        table(spark, "gold/fact_encounters", encounters),
        table(spark, "silver/diagnoses", diagnoses),
        table(spark, "gold/dim_diagnosis", codes),
        dates,
    )
    assert rows(found, "charlson_index", "chronic_condition_count", "condition_count") == [(5, 2, 3)]
    assert rows(found, "has_diabetes", "has_cancer") == [(True, False)]


def test_drugs_begun(spark, dates):
    def begun(drug, started, cost, ordered=datetime(2023, 1, 1)):
        return {
            "patient_id": "P1",
            "drug_sk": drug,
            "started_on": started,
            "total_cost": cost,
            "ordered_at": ordered,
        }

    medications = [
        begun("a", date(2023, 11, 1), Decimal(5)),
        begun("b", date(2023, 2, 1), Decimal(20)),
        begun("c", date(2022, 2, 1), Decimal(100)),
        begun("c", date(2024, 1, 1), Decimal(1000)),
        begun("c", date(2023, 12, 31), Decimal(5000), ordered=LATER),
    ]
    classes = [{"drug_sk": drug, "drug_class": "statin"} for drug in "abc"]
    found = drugs(
        table(spark, "gold/fact_medications", medications), table(spark, "gold/dim_drug", classes), dates
    )
    columns = ("drug_cost_3m", "drug_cost_12m", "drug_count_12m", "drug_class_count_12m")
    assert rows(found, *columns) == [(Decimal(5), Decimal(25), 2, 1)]


def test_the_patient_is_as_recorded_by_then(spark, dates):
    def version(effective, recorded, state):
        born = date(1960, 1, 1) if state != "TX" else date(1959, 12, 31)
        return {"patient_id": "P1", "effective_date": effective, "recorded_at": recorded, "state": state,
                "birth_date": born, "sex": "F"}  # fmt: skip

    versions = [
        version(date(2020, 1, 1), datetime(2020, 1, 5), "CA"),
        version(date(2023, 6, 1), datetime(2023, 6, 5), "NY"),
        version(date(2023, 6, 1), datetime(2023, 7, 5), "TX"),
        version(date(2023, 8, 1), LATER, "PA"),
        version(date(2024, 1, 1), datetime(2023, 12, 1), "FL"),
    ]
    found = versions_known(table(spark, "silver/patients", versions), dates)
    assert rows(found.withColumn("age", age()), "state", "age") == [("TX", 64)]


def test_the_dead_are_those_on_record(spark, dates):
    deaths = [("on the day", AS_OF), ("after", date(2024, 1, 1)), ("alive", None)]
    found = spark.createDataFrame(deaths, "patient_id string, death_date date").crossJoin(dates)
    assert rows(found.where(is_alive()), "patient_id") == [("after",), ("alive",)]


def test_months_observed_end_at_a_year(dates):
    found = dates.select(months_observed().alias("nine"))
    assert rows(found, "nine") == [(9.0,)]
    assert rows(
        dates.withColumn("observed_since", F.lit(date(2020, 1, 1))).select(months_observed().alias("n")), "n"
    ) == [(12.0,)]
