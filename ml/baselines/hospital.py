"""The HOSPITAL score: 0 to 13 points for a potentially avoidable readmission within 30 days of discharge.

Donzé J, Aujesky D, Williams D, Schnipper JL. Potentially avoidable 30-day hospital readmissions in medical
patients. JAMA Intern Med 2013;173(8):632-638. The bands of earlier admissions are 0-1, 2-5 and more than 5,
as the score is used since its international validation (Donzé JD, Williams MV, Robinson EJ, et al. JAMA
Intern Med 2016;176(4):496-502); some accounts of the score of 2013 begin the middle band at one admission.
"""

from math import inf

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.baselines.points import Rule, scored

HEMOGLOBIN = Rule("last_hemoglobin", ((-inf, 1), (12, 0)))
"""g/dL, the last before discharge."""
ONCOLOGY = Rule("is_oncology_discharge", ((0, 0), (1, 2)))
SODIUM = Rule("last_sodium", ((-inf, 1), (135, 0)))
"""mmol/L, the last before discharge."""
PROCEDURE = Rule("has_procedure", ((0, 0), (1, 1)))
"""Any coded procedure during the stay."""
INDEX_TYPE = Rule("is_emergency_admission", ((0, 0), (1, 1)))
"""Admitted as urgent or emergent."""
ADMISSIONS = Rule("admissions_12m", ((0, 0), (2, 2), (6, 5)))
"""Hospital admissions in the twelve months before this one."""
LENGTH_OF_STAY = Rule("los_days", ((0, 0), (5, 2)))
RULES = (HEMOGLOBIN, ONCOLOGY, SODIUM, PROCEDURE, INDEX_TYPE, ADMISSIONS, LENGTH_OF_STAY)


def hospital(rows: pd.DataFrame) -> npt.NDArray[np.int64]:
    """Return the HOSPITAL score of each stay from the columns of `RULES`; a missing value scores nothing."""
    return scored(RULES, rows)
