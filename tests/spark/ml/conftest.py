"""Claims as the steps of their features find them."""

from datetime import date, datetime
from decimal import Decimal

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
