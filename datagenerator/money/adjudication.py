"""What payers decide: allowed amounts by their schedules, and the patient's share under the plan."""

import numpy as np
import pandas as pd

from datagenerator.draws import hashes, lognormal, uniform
from datagenerator.money.payers import Plan, plans
from datagenerator.money.prices import PRICE_SIGMA, fees

LOWEST_MARKUP = 1.8
MARKUP_RANGE = 2.2


def priced(claims: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Add `_fee` (allowed if not denied), `billed_amount`, both in cents, and `_dearer`: price / usual price.

    A facility bills by its own list, a fixed multiple of what payers allow. `_factor` is what a claim asks
    beside the usual price.
    """
    schedule = np.array([plan.fee_factor for plan in plans(claims["payer_id"])])
    dearer = lognormal(claims["_hash"].to_numpy(), seed, "price", PRICE_SIGMA) * claims["_factor"].to_numpy()
    dollars = fees(claims) * schedule * dearer
    fee = np.rint(dollars * 100).astype(np.int64).clip(100)
    facility = hashes(claims["facility_id"].fillna(""))
    markup = LOWEST_MARKUP + MARKUP_RANGE * uniform(facility, seed, "markup")
    return claims.assign(_fee=fee, _dearer=dearer, billed_amount=np.rint(fee * markup).astype(np.int64))


def share(spent: int, plan: Plan) -> int:
    """Return what a patient owes in all (cents) once `spent` has been allowed in a plan year."""
    beyond = max(spent - plan.deductible, 0)
    owed = min(spent, plan.deductible) + beyond * plan.coinsurance_percent // 100
    return min(owed, plan.patient_maximum)


def adjudicated(claims: pd.DataFrame) -> pd.DataFrame:
    """Add `allowed_amount`, `patient_amount` and `paid_amount` in cents, the last two summing to the first.

    Deductible and maximum accumulate per patient, payer and calendar year of service in the order of the
    decisions, so a decision of a later month never changes one before.
    """
    allowed = claims["_fee"].where(~claims["_denied"], 0)
    rows = claims.assign(allowed_amount=allowed).sort_values(["_decided", "claim_id"], kind="stable")
    year = rows["service_from"].dt.year
    running = rows.groupby(["patient_id", rows["payer_id"].fillna(""), year], sort=False)
    after = running["allowed_amount"].cumsum().to_numpy()
    before = after - rows["allowed_amount"].to_numpy()
    rules = plans(rows["payer_id"])
    owed = [share(int(b), p) - share(int(a), p) for a, b, p in zip(before, after, rules, strict=True)]
    rows["patient_amount"] = np.array(owed, dtype=np.int64)
    rows["paid_amount"] = rows["allowed_amount"] - rows["patient_amount"]
    return rows.sort_index()
