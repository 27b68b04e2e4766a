"""The LACE index: 0 to 19 points for unplanned readmission or death within 30 days of discharge.

van Walraven C, Dhalla IA, Bell C, et al. Derivation and validation of an index to predict early death or
unplanned readmission after discharge from hospital to the community. CMAJ 2010;182(6):551-557. The points are
also in Wang H, Robinson RD, Johnson C, et al. BMC Cardiovasc Disord 2014;14:97, table 1.
"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.baselines.points import Rule, scored

LENGTH_OF_STAY = Rule("los_days", ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4), (7, 5), (14, 7)))
ACUITY = Rule("is_emergency_admission", ((0, 0), (1, 3)))
COMORBIDITY = Rule("charlson_index_lace", ((0, 0), (1, 1), (2, 2), (3, 3), (4, 5)))
EMERGENCY_VISITS = Rule("emergency_visits_6m", ((0, 0), (1, 1), (2, 2), (3, 3), (4, 4)))
"""Visits to an emergency department in the six months before admission, without the one that led to it."""
RULES = (LENGTH_OF_STAY, ACUITY, COMORBIDITY, EMERGENCY_VISITS)

CHARLSON_WEIGHTS = {
    "myocardial_infarction": 1,
    "cerebrovascular_disease": 1,
    "peripheral_vascular_disease": 1,
    "diabetes_without_complication": 1,
    "congestive_heart_failure": 2,
    "diabetes_with_complication": 2,
    "chronic_pulmonary_disease": 2,
    "mild_liver_disease": 2,
    "renal_disease": 2,
    "malignancy": 2,
    "dementia": 3,
    "rheumatic_disease": 3,
    "aids_hiv": 4,
    "moderate_or_severe_liver_disease": 4,
    "metastatic_solid_tumor": 6,
}
"""Weights of LACE's own Charlson index by the lake's Charlson group (`dim_diagnosis.charlson_group`).

They are not Charlson's of 1987: heart failure weighs 2 instead of 1, dementia 3 instead of 1. The lake
doesn't grade renal disease, so it weighs as mild (2; moderate or severe would be 4). Hemiplegia and peptic
ulcer are not in the index.
"""
OUTWEIGHED = {
    "diabetes_without_complication": "diabetes_with_complication",
    "mild_liver_disease": "moderate_or_severe_liver_disease",
    "malignancy": "metastatic_solid_tumor",
}
"""A condition that doesn't count beside its graver form."""


def charlson_index_lace(conditions: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return LACE's Charlson index from a flag for each Charlson group; a group without a column counts 0."""
    has = {
        name: conditions[name].astype("boolean").fillna(value=False).to_numpy(dtype=bool)
        for name in CHARLSON_WEIGHTS
        if name in conditions
    }
    index = np.zeros(len(conditions), dtype=np.int64)
    for name, there in has.items():
        graver = has.get(OUTWEIGHED.get(name, ""), np.zeros_like(there))
        index += CHARLSON_WEIGHTS[name] * (there & ~graver)
    return index


def lace(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the LACE index of each stay from the columns of `RULES`; a missing value scores nothing."""
    return scored(RULES, rows)
