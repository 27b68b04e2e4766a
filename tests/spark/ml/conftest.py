"""Stays and claims to be scored, and literal times, for the tests of features."""

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import pytest

from ml.features.features_claims import prepared
from tests.tables import table

CLAIM = {
    "claim_version": "original",
    "claim_form": "professional",
    "claim_status": "paid",
    "patient_id": "P1",
    "provider_id": "A",
    "facility_id": "F1",
    "procedure_code": "G0463",
    "place_of_service": "11",
    "units": 1,
    "service_from": date(2024, 3, 4),
    "submitted_at": datetime(2024, 3, 10, 12),
    "billed_amount": Decimal(100),
}


@pytest.fixture(scope="module")
def claims(spark):
    """Make prepared claims of what they differ in; numbered from 1, the day of service is also the last."""

    def of(*differences, specialties=()):
        rows = [CLAIM | {"claim_id": str(number)} | one for number, one in enumerate(differences, start=1)]
        rows = [{"service_to": row["service_from"]} | row for row in rows]
        providers = [{"provider_id": one, "specialty": specialty} for one, specialty in specialties]
        return prepared(table(spark, "silver/claims", rows), table(spark, "silver/providers", providers))

    return of


def at(text: str) -> datetime:
    """Return a time of 2024 written as month-day, and the hour where it is not noon."""
    day, _, hour = text.partition(" ")
    return datetime.fromisoformat(f"2024-{day} {hour or '12'}:00:00")


@pytest.fixture(scope="session")
def stays(spark):
    """Return stays of P1 from literal rows; the prediction time is the discharge unless a row has its own."""

    def of(*given: dict[str, Any]):
        made = []
        for row in given:
            stay = {"patient_id": "P1", "chain_position": 1, "chain_id": row["encounter_id"]} | row
            made.append(stay | {"encounter_ids": row.get("encounter_ids", [row["encounter_id"]])})
        known = [{k: v for k, v in stay.items() if k != "predicted_at"} for stay in made]
        times = [
            (stay["patient_id"], stay["encounter_id"], stay.get("predicted_at", stay.get("discharged_at")))
            for stay in made
        ]
        predicted = spark.createDataFrame(
            times, "patient_id string, encounter_id string, predicted_at timestamp"
        )
        return table(spark, "gold/fact_stays", known).join(
            predicted, on=["patient_id", "encounter_id"], how="inner"
        )

    return of


@pytest.fixture(scope="session")
def a_stay(stays):
    """The stay S of P1, from 10 to 20 June 2024."""
    return stays({"encounter_id": "S", "admitted_at": at("06-10"), "discharged_at": at("06-20")})
