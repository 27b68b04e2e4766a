import pandas as pd
import pytest

from datagenerator.money.adjudication import adjudicated, share
from datagenerator.money.payers import PLANS, Plan, denial_codes, payer_classes

PLAN = Plan(
    fee_factor=1.0,
    deductible=10_000,
    coinsurance_percent=20,
    patient_maximum=30_000,
    denial_percent=10,
    plan_types=("ppo",),
)


@pytest.mark.parametrize(
    ("spent", "owed"),
    [(0, 0), (4_000, 4_000), (10_000, 10_000), (20_000, 12_000), (110_000, 30_000), (10**9, 30_000)],
)
def test_deductible_then_coinsurance_up_to_the_maximum(spent, owed):
    assert share(spent, PLAN) == owed


def claims(*rows):
    """Return claims of (id, patient, payer, service day, decision day, fee in cents, denied)."""
    names = ["claim_id", "patient_id", "payer_id", "service_from", "_decided", "_fee", "_denied"]
    frame = pd.DataFrame(rows, columns=names)
    return frame.assign(
        service_from=pd.to_datetime(frame["service_from"]), _decided=pd.to_datetime(frame["_decided"])
    )


def test_the_deductible_is_met_in_the_order_of_decisions_and_anew_each_year():
    found = adjudicated(
        claims(
            ("C1", "A", "PAY006", "2024-01-05", "2024-03-01", 100_000, False),
            ("C2", "A", "PAY006", "2024-01-09", "2024-02-01", 100_000, False),
            ("C3", "A", "PAY006", "2025-01-02", "2025-02-01", 100_000, False),
            ("C4", "B", "PAY006", "2024-01-02", "2024-04-01", 100_000, False),
        )
    )
    # The deductible is 1,600 dollars, 20 percent beyond.
    assert found["patient_amount"].tolist() == [68_000, 100_000, 100_000, 100_000]


def test_paid_and_patient_make_allowed_and_a_denial_costs_nobody_anything():
    found = adjudicated(
        claims(
            ("C1", "A", "PAY001", "2024-01-05", "2024-03-01", 33_333, False),
            ("C2", "A", "PAY001", "2024-01-09", "2024-04-01", 77_777, True),
            ("C3", "A", "PAY009", "2024-01-09", "2024-05-01", 12_345, False),
        )
    )
    assert (found["paid_amount"] + found["patient_amount"]).tolist() == [33_333, 0, 12_345]
    assert found.loc[1, ["allowed_amount", "paid_amount", "patient_amount"]].tolist() == [0, 0, 0]
    assert found.loc[2, "paid_amount"] == 0, "nobody pays for the uninsured but themselves"


def test_every_payer_has_a_plan_and_exact_duplicates_are_no_ordinary_denial():
    assert set(payer_classes().values()) == set(PLANS)
    assert "18" not in denial_codes()
