"""Claim anomaly: which submitted claims should an auditor look at first?"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.data import Tables
from ml.estimators.anomaly import Suspicion
from ml.evaluation.splits import Split
from ml.problems.problem import Problem, Rows, by_time_and_patient, features_of

REVIEW_DAYS = 90
"""Days between a claim and the finding of its review, for most."""
NOT_USUAL_TO_JUDGE = ("provider_id", "claim_version", "procedure_code", "place_of_service")
FEATURES = features_of("features_claims", *NOT_USUAL_TO_JUDGE)


def load(tables: Tables) -> Rows:
    """Return one row per claim; its outcome is known where a review of it has ended: fraud or not."""
    claims = tables.read("gold/features_claims")
    reviews = tables.read("gold/fact_claim_reviews", ["claim_id", "is_fraud", "scheme_found"])
    judged = reviews.dropna(subset=["is_fraud"]).groupby("claim_id", as_index=False).last()
    rows = claims.merge(judged, on="claim_id", how="left", validate="one_to_one")
    return Rows(
        FEATURES.frame(rows), rows, rows["is_fraud"].astype(float).to_numpy(), pd.DataFrame(index=rows.index)
    )


def price_of_procedure(rows: Rows, parts: Split) -> npt.NDArray[np.float64]:
    """Return how far each price lies from that of its procedure, in robust standard deviations."""
    return np.asarray(rows.about.loc[parts.test, "price_score"].abs().fillna(0.0), dtype=float)


PROBLEM = Problem(
    name="claim_anomaly",
    kind="anomaly",
    question="How unusual is a claim for its procedure, provider and patient? Told when it is submitted.",
    outcome="Fraud, as the review of the claim found it (`fact_claim_reviews`); others are not judged on",
    unit="of reviewed claims",
    table="gold/features_claims",
    features=FEATURES,
    load=load,
    split=by_time_and_patient(REVIEW_DAYS),
    candidates={"isolation_forest": Suspicion},
    baselines={"price_of_procedure": price_of_procedure},
)
