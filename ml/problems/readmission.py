"""Readmission: will the patient be back, unplanned, within 30 days of discharge?"""

import numpy as np
import numpy.typing as npt

from ml.baselines.hospital import hospital
from ml.baselines.lace import charlson_index_lace, lace
from ml.data import Tables
from ml.estimators.classifiers import boosted, logistic
from ml.evaluation.splits import Split
from ml.evaluation.subgroups import age_band
from ml.problems.problem import Problem, Rows, by_time_and_patient, features_of

LABEL_DAYS = 30
FEATURES = features_of("features_readmission", "admitted_at", "principal_diagnosis_code", "drg")


def load(tables: Tables) -> Rows:
    """Return one row per stay that a readmission can follow; its outcome is not known while that is open."""
    stays = tables.read("gold/features_readmission")
    flags = tables.read("gold/readmission_index", ["encounter_id", "readmitted_30d"])
    rows = stays.merge(flags, on="encounter_id", how="left", validate="one_to_one")
    about = rows.assign(charlson_index_lace=charlson_index_lace(rows))
    groups = rows[["sex", "race", "payer_class"]].assign(age=age_band(rows["age"]))
    outcome = rows["readmitted_30d"].astype(float).to_numpy()
    return Rows(FEATURES.frame(rows), about, outcome, groups)


def _of_test(score: npt.ArrayLike, parts: Split) -> npt.NDArray[np.float64]:
    return np.asarray(score, dtype=float)[parts.test]


PROBLEM = Problem(
    name="readmission",
    kind="binary",
    question="Will the patient be back in hospital, unplanned, within 30 days? Told at discharge.",
    outcome="Unplanned readmission within 30 days, by the CMS hospital-wide measure (`readmission_index`)",
    unit="of index stays",
    table="gold/features_readmission",
    features=FEATURES,
    load=load,
    split=by_time_and_patient(LABEL_DAYS),
    candidates={"logistic": logistic, "boosted": boosted},
    baselines={
        "lace": lambda rows, parts: _of_test(lace(rows.about), parts),
        "hospital": lambda rows, parts: _of_test(hospital(rows.about), parts),
    },
)
