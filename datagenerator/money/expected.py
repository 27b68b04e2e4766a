"""The cost to expect of a patient in a year, from latent rates: the oracle of cost models."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.money.payers import PLANS, Plan, payer_classes
from datagenerator.money.prices import (
    CLAIM_WEIGHTS,
    FEES,
    HOSPITAL_OUTPATIENT_SHARE,
    OUTPATIENT,
    SEVERITY_EFFECT,
    TYPICAL_DRG_WEIGHT,
)

# Mean claim weight of an encounter in the usual mix, corrections counted: claims per encounter and weight.
MEAN_WEIGHT = 1.87
KINDS = tuple(CLAIM_WEIGHTS)
# Mean of the exponential of a standard normal severity times its effect.
MEAN_SEVERITY_FACTOR = float(np.exp(SEVERITY_EFFECT**2 / 2))


def _fee_per_encounter(kind: str, claims_per_weight: float) -> float:
    """Return the mean Medicare-like fee in dollars of all claims of an encounter."""
    main, counterpart, ancillary = FEES[kind]
    count = max(claims_per_weight * CLAIM_WEIGHTS[kind], 0.0)
    if kind == OUTPATIENT:
        counterpart = HOSPITAL_OUTPATIENT_SHARE * counterpart + (1 - HOSPITAL_OUTPATIENT_SHARE) * ancillary
    fee = main * min(count, 1) + counterpart * min(max(count - 1, 0), 1) + ancillary * max(count - 2, 0)
    return fee * (TYPICAL_DRG_WEIGHT if kind == "inpatient" else 1.0) * MEAN_SEVERITY_FACTOR


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
    weights = arguments.claims / max(arguments.encounters, 1) / MEAN_WEIGHT
    rates = people[[f"rate_{kind}" for kind in KINDS]].to_numpy(dtype=np.float64)
    fees = np.array([_fee_per_encounter(kind, weights) for kind in KINDS])
    yearly = rates @ fees * people["cost_factor"].to_numpy(dtype=np.float64)
    latest = patients.sort_values("effective_date", kind="stable").drop_duplicates("patient_id", keep="last")
    payer = people["patient_id"].map(latest.set_index("patient_id")["payer_id"])
    classes = payer.map(payer_classes()).fillna("uninsured")
    plans = [PLANS[name] for name in classes]
    paid = [y * p.fee_factor * paid_share(p, y * p.fee_factor) for y, p in zip(yearly, plans, strict=True)]
    return pd.Series(paid, index=people.index, dtype="float64")
