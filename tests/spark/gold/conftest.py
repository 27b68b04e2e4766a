"""Patients whose versions the facts of these tests refer to."""

from datetime import date

import pytest

from tests.tables import table

BORN = date(1950, 6, 15)


@pytest.fixture(scope="module")
def patient_versions(spark):
    """Two versions of P1, the second from 2024-03-01 on; one of P2, from 2024-01-01 on."""
    return table(
        spark,
        "gold/dim_patient",
        [
            {
                "patient_sk": "P1-old",
                "patient_id": "P1",
                "valid_from": date(2020, 1, 1),
                "valid_to": date(2024, 3, 1),
                "birth_date": BORN,
            },
            {
                "patient_sk": "P1-new",
                "patient_id": "P1",
                "valid_from": date(2024, 3, 1),
                "birth_date": BORN,
            },
            {
                "patient_sk": "P2",
                "patient_id": "P2",
                "valid_from": date(2024, 1, 1),
                "birth_date": date(2000, 2, 29),
            },
        ],
    )
