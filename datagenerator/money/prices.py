"""What services cost before any payer's schedule: Medicare-like fees in dollars.

Levels are rounded from public orders of magnitude (an inpatient stay near 8,000 dollars per unit of DRG
weight, an emergency visit some hundreds, an office visit near a hundred); only their proportions matter.
"""

import numpy as np
import pandas as pd

from datagenerator.draws import Floats

# Candidate claims of an encounter by rank: 0 is the main claim, 1 its counterpart, further ones are ancillary.
FEES = {
    "inpatient": (7_800.0, 950.0, 280.0),
    "emergency": (620.0, 210.0, 130.0),
    "observation": (2_100.0, 330.0, 170.0),
    "outpatient": (135.0, 310.0, 95.0),
    "telehealth": (80.0, 45.0, 40.0),
}
# Claims per encounter type in proportion to an outpatient visit's.
CLAIM_WEIGHTS = {
    "inpatient": 3.0,
    "emergency": 1.7,
    "observation": 1.8,
    "outpatient": 1.0,
    "telehealth": 0.7,
}
TYPICAL_DRG_WEIGHT = 1.2
INPATIENT = "inpatient"
SEVERITY_EFFECT = 0.2
PRICE_SIGMA = 0.45


def fees(claims: pd.DataFrame) -> Floats:
    """Return the fee in dollars of each claim, by type of encounter, rank, DRG weight and severity."""
    tier = claims["_rank"].clip(upper=2).astype(int)
    base = np.array([FEES[kind][rank] for kind, rank in zip(claims["_type"], tier, strict=True)])
    weight = np.where(claims["_type"] == INPATIENT, claims["_drg_weight"].fillna(TYPICAL_DRG_WEIGHT), 1.0)
    severity = np.exp(SEVERITY_EFFECT * claims["_severity"].fillna(0.0).clip(-3, 3))
    return base * weight * severity * claims["_cost_factor"].fillna(1.0).to_numpy()
