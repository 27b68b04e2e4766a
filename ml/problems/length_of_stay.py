"""Length of stay: how many days will the patient stay?"""

import numpy as np
import numpy.typing as npt

from ml.data import Tables
from ml.estimators.regressors import boosted, log_linear
from ml.evaluation.splits import Split
from ml.evaluation.subgroups import age_band
from ml.problems.problem import Problem, Rows, by_time_and_patient, features_of

LABEL_DAYS = 30
"""Longest stay, but for a few, that a label looks ahead."""
FEATURES = features_of("features_length_of_stay", "admitting_diagnosis_code")


def load(tables: Tables) -> Rows:
    """Return one row per stay; its outcome is not known while it is open."""
    features = tables.read("gold/features_length_of_stay")
    lengths = tables.read("gold/fact_stays", ["encounter_id", "los_days"])
    rows = features.merge(lengths, on="encounter_id", how="left", validate="one_to_one")
    groups = rows[["sex", "race", "payer_class"]].assign(age=age_band(rows["age"]))
    return Rows(FEATURES.frame(rows), rows, rows["los_days"].astype(float).to_numpy(), groups)


def median_by_category(rows: Rows, parts: Split) -> npt.NDArray[np.float64]:
    """Return the median of the training stays with the same category of admitting diagnosis, else of all."""
    known = parts.train & np.isfinite(rows.outcome)
    category = rows.about["admitting_condition"]
    lengths = rows.about.loc[known, "los_days"].astype(float)
    medians = lengths.groupby(category[known]).median()
    return np.asarray(category[parts.test].map(medians).fillna(lengths.median()), dtype=float)


PROBLEM = Problem(
    name="length_of_stay",
    kind="number",
    question="How many days will the patient stay? Told on admission.",
    outcome="Midnights between admission and discharge, 1 for a same-day stay (`fact_stays`)",
    unit="days a stay",
    table="gold/features_length_of_stay",
    features=FEATURES,
    load=load,
    split=by_time_and_patient(LABEL_DAYS),
    candidates={"log_linear": log_linear, "boosted": boosted},
    baselines={"median": median_by_category},
)
