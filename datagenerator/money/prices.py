"""What services cost before any payer's schedule: Medicare-like fees in dollars, the same for all patients.

Stays are paid by DRG weight and severity, visits by level, other services by what they are
(catalogue/services.csv). Fees are of the order of Medicare's public schedules of 2023: hospital payment,
physician and laboratory fees, average sales prices of drugs. A hospital's fee for a visit includes
what is done there without a claim of its own, a therapy's the drug and who gives it.
"""

from functools import cache

import numpy as np
import pandas as pd

from datagenerator.catalogue import table
from datagenerator.draws import Floats

# Claims that a type of encounter leaves, in proportion.
CLAIM_WEIGHTS = {
    "inpatient": 3.0,
    "emergency": 1.7,
    "observation": 1.8,
    "outpatient": 1.5,
    "telehealth": 0.8,
}
TYPICAL_DRG_WEIGHT = 1.16
INPATIENT, OUTPATIENT, TELEHEALTH = "inpatient", "outpatient", "telehealth"
INSTITUTIONAL, PROFESSIONAL = "institutional", "professional"
# Of what is billed beside an outpatient visit, the part that a hospital bills.
HOSPITAL_OUTPATIENT_SHARE = 0.6
# Per unit of DRG weight: to the hospital, to who attends a stay, to each other physician.
STAY_FEES = (5_100.0, 420.0, 140.0)
SEVERITY_EFFECT = 0.30
PRICE_SIGMA = 0.35


@cache
def visit_fees() -> dict[tuple[str, str], float]:
    """Return the fee in dollars of visits by form of claim and procedure code."""
    rows = table("fees")
    pairs = zip(rows["claim_form"], rows["procedure_code"], strict=True)
    return dict(zip(pairs, rows["fee"].astype(float), strict=True))


@cache
def mean_visit_fee(kind: str, form: str) -> float:
    """Return the mean fee in dollars of a kind of visit, over the codes it is billed under."""
    use = table("procedure_use")
    use = use[use["use"] == kind]
    fees = [visit_fees()[form, code] for code in use["code"]]
    return float(np.average(fees, weights=use["probability"]))


def fees(claims: pd.DataFrame) -> Floats:
    """Return the fee in dollars of each claim: its service's, its visit's, or that of its stay."""
    known = visit_fees()
    pairs = zip(claims["claim_form"], claims["procedure_code"], strict=True)
    visit = pd.Series([known.get(pair, np.nan) for pair in pairs], claims.index)
    visit = visit.where(claims["_type"] != INPATIENT, _stay_fees(claims))
    fee: Floats = claims["_service_fee"].fillna(visit).to_numpy(dtype=np.float64)
    return fee


def _stay_fees(claims: pd.DataFrame) -> Floats:
    """Return the fee of each claim as one of a stay."""
    hospital, attending, other = STAY_FEES
    physician = np.where(claims["_rank"] == 1, attending, other)
    base = np.where(claims["claim_form"] == INSTITUTIONAL, hospital, physician)
    severity = np.exp(SEVERITY_EFFECT * claims["_severity"].fillna(0.0).clip(-3, 3))
    fee: Floats = base * claims["_drg_weight"].fillna(TYPICAL_DRG_WEIGHT) * severity
    return fee
