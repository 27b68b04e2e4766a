"""The cost to expect of a patient in a year, from latent rates: the oracle of cost models."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Floats
from datagenerator.money.payers import PLANS, Plan, payer_classes
from datagenerator.money.prices import (
    CLAIM_WEIGHTS,
    HOSPITAL_OUTPATIENT_SHARE,
    INPATIENT,
    INSTITUTIONAL,
    OUTPATIENT,
    PROFESSIONAL,
    SEVERITY_EFFECT,
    STAY_FEES,
    TELEHEALTH,
    TYPICAL_DRG_WEIGHT,
    mean_visit_fee,
)
from datagenerator.money.services import HOSPITAL, USUAL_SHARE, dearness, services
from datagenerator.money.usual import bills, usual_services

# Mean claim weight of an encounter in the usual mix, corrections counted: claims per encounter and weight.
MEAN_WEIGHT = 2.22
KINDS = tuple(CLAIM_WEIGHTS)
# Mean of the exponential of a standard normal severity times its effect.
MEAN_SEVERITY_FACTOR = float(np.exp(SEVERITY_EFFECT**2 / 2))


def _fees_by_rank(kind: str, beside: Floats, hospital: Floats) -> tuple[Floats | float, ...]:
    """Return mean fees in dollars of an encounter's first claim, its second and each further one.

    `beside` and `hospital` are what a service beside a visit and one of a hospital cost each patient.
    """
    if kind == INPATIENT:
        return tuple(fee * TYPICAL_DRG_WEIGHT * MEAN_SEVERITY_FACTOR for fee in STAY_FEES)
    visit = mean_visit_fee(kind, PROFESSIONAL)
    if kind == OUTPATIENT:
        further = HOSPITAL_OUTPATIENT_SHARE * hospital + (1 - HOSPITAL_OUTPATIENT_SHARE) * beside
        return visit, further, further
    if kind == TELEHEALTH:
        return visit, beside, beside
    return mean_visit_fee(kind, INSTITUTIONAL), visit, beside


def _service_fees(cost_factor: pd.Series, of_hospital: bool, arguments: Arguments) -> Floats:
    """Return the mean fee in dollars of each patient's services of a kind, whatever the diagnosis."""
    rows = services()
    rows = rows[(rows["kind"] == HOSPITAL) == of_hospital]
    weights = rows["weight"].to_numpy(float) * dearness(cost_factor, rows, arguments)
    fees: Floats = (weights @ rows["fee"].to_numpy(float)) / weights.sum(axis=1)
    return fees


def _yearly_fees(people: pd.DataFrame, usual: pd.Series, arguments: Arguments) -> Floats:
    """Return the Medicare-like fees in dollars to expect of each patient's year, missing where rates are."""
    per_weight = arguments.claims / max(arguments.encounters, 1) / MEAN_WEIGHT
    beside, other = (_service_fees(people["cost_factor"], part, arguments) for part in (False, True))
    own = usual.map(services()["fee"]).to_numpy(dtype=np.float64)
    hospital = USUAL_SHARE * own + (1 - USUAL_SHARE) * other
    total: Floats = np.zeros(len(people))
    for kind in KINDS:
        first, second, further = _fees_by_rank(kind, beside, hospital)
        count = per_weight * CLAIM_WEIGHTS[kind] * (bills(usual).to_numpy() if kind == OUTPATIENT else 1.0)
        fee = first * np.minimum(count, 1) + second * np.clip(count - 1, 0, 1)
        fee = fee + further * np.maximum(count - 2, 0)
        total = total + people[f"rate_{kind}"].to_numpy(dtype=np.float64) * fee
    return total


def paid_share(plan: Plan, fee: float) -> float:
    """Return the share of a year's allowed `fee` (dollars) that the payer pays, denials taken off."""
    if fee <= 0:
        return 0.0
    deductible = min(plan.deductible / 100, fee)
    owed = deductible + (fee - deductible) * plan.coinsurance_percent / 100
    owed = min(owed, plan.patient_maximum / 100)
    return (1 - owed / fee) * (1 - 0.7 * plan.denial_percent / 100)


def expected_cost(people: pd.DataFrame, patients: pd.DataFrame, arguments: Arguments) -> pd.Series:
    """Return the expected paid dollars of the 12 months after the as-of date, missing where rates are.

    Rates come from the simulation, fees from the price list, the payer's part from the latest payer known.
    """
    latest = patients.sort_values("effective_date", kind="stable").drop_duplicates("patient_id", keep="last")
    persons = latest.set_index("patient_id")
    known = people[["patient_id"]].assign(
        _cost_factor=people["cost_factor"],
        _sex=people["patient_id"].map(persons["sex"]),
        _birth=people["patient_id"].map(persons["birth_date"]),
    )
    yearly = _yearly_fees(people, usual_services(known, arguments), arguments)
    classes = people["patient_id"].map(persons["payer_id"]).map(payer_classes()).fillna("uninsured")
    plans = [PLANS[name] for name in classes]
    paid = [y * p.fee_factor * paid_share(p, y * p.fee_factor) for y, p in zip(yearly, plans, strict=True)]
    return pd.Series(paid, index=people.index, dtype="float64")
