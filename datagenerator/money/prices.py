"""What services cost before any payer's schedule: Medicare-like fees in dollars.

Levels are rounded from public orders of magnitude (an inpatient stay near 8,000 dollars per unit of DRG
weight, an emergency visit some hundreds, an office visit near a hundred); only their proportions matter.
"""

import numpy as np
import pandas as pd

from datagenerator.draws import Floats, hashes, uniform

# Candidate claims of an encounter by rank: 0 is the main one, 1 its counterpart, further ones are ancillary.
# The counterpart of an outpatient visit is the hospital's claim for what it did there, if it was one, else an
# ancillary service.
FEES = {
    "inpatient": (3_600.0, 600.0, 220.0),
    "emergency": (1_050.0, 380.0, 220.0),
    "observation": (2_600.0, 450.0, 250.0),
    "outpatient": (620.0, 3_400.0, 380.0),
    "telehealth": (150.0, 90.0, 80.0),
}
# Claims that a type of encounter leaves, in proportion.
CLAIM_WEIGHTS = {
    "inpatient": 3.0,
    "emergency": 1.7,
    "observation": 1.8,
    "outpatient": 1.5,
    "telehealth": 0.8,
}
TYPICAL_DRG_WEIGHT = 1.16
INPATIENT, OUTPATIENT = "inpatient", "outpatient"
HOSPITAL_OUTPATIENT_SHARE = 0.3
SEVERITY_EFFECT = 0.2
PRICE_SIGMA = 0.3
CHEAPEST_PROCEDURE, PROCEDURE_RANGE = 0.65, 0.7
# Visits are paid by level: fee relative to the mean of their kind.
LEVELS = {
    "G0380": 0.55,
    "G0381": 0.70,
    "G0382": 0.95,
    "G0383": 1.20,
    "G0384": 1.50,
    "G0463": 0.95,
    "G0439": 1.30,
}


def fees(claims: pd.DataFrame, seed: int) -> Floats:
    """Return the fee in dollars of each claim by encounter type, rank, service, DRG weight, severity."""
    plain = (claims["_type"] == OUTPATIENT) & (claims["claim_form"] == "professional") & (claims["_rank"] > 0)
    tier = claims["_rank"].clip(upper=2).mask(plain, 2).astype(int)
    base = np.array([FEES[kind][rank] for kind, rank in zip(claims["_type"], tier, strict=True)])
    weight = np.where(claims["_type"] == INPATIENT, claims["_drg_weight"].fillna(TYPICAL_DRG_WEIGHT), 1.0)
    severity = np.exp(SEVERITY_EFFECT * claims["_severity"].fillna(0.0).clip(-3, 3))
    return base * weight * severity * _dearness(claims, seed) * claims["_cost_factor"].fillna(1.0).to_numpy()


def _dearness(claims: pd.DataFrame, seed: int) -> Floats:
    """Return the fee of each claim's service relative to others: by ancillary service, level or procedure."""
    code = uniform(hashes(claims["procedure_code"].fillna("")), seed, "fee of the procedure")
    dearer = np.where(claims["procedure_code"].isna(), 1.0, CHEAPEST_PROCEDURE + PROCEDURE_RANGE * code)
    level = claims["procedure_code"].map(LEVELS).astype("float64")
    known: Floats = claims["_service_fee"].fillna(level).fillna(pd.Series(dearer, claims.index)).to_numpy()
    return known
