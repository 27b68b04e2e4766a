"""High cost: which enrolled patients will be among the costliest fifth in the next twelve months?"""

import numpy as np
import numpy.typing as npt

from carelake.errors import CarelakeError
from ml.data import Tables
from ml.estimators.classifiers import boosted, logistic
from ml.estimators.segments import Segments
from ml.evaluation.splits import TEST_FOLDS, Split, folds
from ml.evaluation.subgroups import age_band
from ml.problems.problem import Problem, Rows, features_of

TOP = 0.20
TRAIN, CALIBRATE, TEST = (27, 24), (24,), (12,)
"""Months before the end of data at which each part looks ahead twelve months. Labels of the earlier two end
where the test begins; they overlap one another, so their patients are apart."""
CALIBRATION_FOLD = 2
"""Of five folds of patients: 0 and 1 are tested on, this one calibrates, 3 and 4 train."""
TRAITS = {
    "age": ("younger", "older"),
    "chronic_condition_count": ("few conditions", "many conditions"),
    "emergency_count_12m": ("no emergency visits", "emergency visits"),
    "stay_count_12m": ("no admissions", "admissions"),
    "outpatient_count_12m": ("few outpatient visits", "many outpatient visits"),
    "drug_class_count_12m": ("few drugs", "many drugs"),
}
"""What patients are segmented by, beside what was paid for them in the last twelve months."""
FEATURES = features_of("features_high_cost", "as_of", "months_back", "state", "payer_id")


def load(tables: Tables) -> Rows:
    """Return one row per patient and as-of date; its outcome is not known while its year is not over."""
    features = tables.read("gold/features_high_cost")
    outcomes = tables.read("gold/outcome_high_cost", ["patient_id", "as_of", "is_complete", "paid_next_12m"])
    rows = features.merge(outcomes, on=["patient_id", "as_of"], how="left", validate="one_to_one")
    rank = rows.groupby("as_of")["paid_next_12m"].rank(method="first", pct=True)
    is_top = (rank > 1 - TOP).astype(float)
    outcome = is_top.where(rows["is_complete"].fillna(False).astype(bool)).to_numpy()
    groups = rows[["sex", "race"]].assign(age=age_band(rows["age"]), plan=rows["plan_type"])
    return Rows(FEATURES.frame(rows), rows, outcome, groups)


def divided(rows: Rows, tables: Tables) -> Split:
    """Divide patients and as-of dates."""
    del tables
    months = rows.about["months_back"].to_numpy()
    fold = folds(rows.about["patient_id"])
    is_test, is_calibration = fold < TEST_FOLDS, fold == CALIBRATION_FOLD
    train = np.isin(months, TRAIN) & ~is_test & ~is_calibration
    calibrate, test = np.isin(months, CALIBRATE) & is_calibration, np.isin(months, TEST) & is_test
    if not (train.any() and calibrate.any() and test.any()):
        raise CarelakeError("high_cost: less than 27 months of data; load more")
    left_out = {"another patient or date than its part": int((~(train | calibrate | test)).sum())}
    return Split(train, calibrate, test, fold, left_out)


def last_years_cost(rows: Rows, parts: Split) -> npt.NDArray[np.float64]:
    """Return what was paid in the twelve months before."""
    return rows.about.loc[parts.test, "paid_12m"].astype(float).to_numpy()


PROBLEM = Problem(
    name="high_cost",
    kind="binary",
    question="Will the patient be among the costliest fifth of the next twelve months?",
    outcome="Among the top 20 % by what payers pay for the next twelve months (`outcome_high_cost`)",
    unit="of enrolled patients",
    table="gold/features_high_cost",
    features=FEATURES,
    load=load,
    split=divided,
    candidates={"logistic": logistic, "boosted": boosted},
    baselines={"last_years_cost": last_years_cost},
    segments=Segments(TRAITS, "paid_12m"),
)
