"""Claim anomaly: which submitted claims should an auditor look at first?"""

import numpy as np
import numpy.typing as npt
import pandas as pd

from ml.data import Tables
from ml.estimators.anomaly import Suspicion
from ml.estimators.signs import Sign, Signs
from ml.evaluation.splits import Split
from ml.problems.problem import Problem, Rows, by_time_and_patient

REVIEW_DAYS = 90
"""Days between a claim and the finding of its review, for most."""
NO_CONTACT_DAYS = 60.0
"""Days to the nearest contact that are taken where the patient has none."""
REBILLING = "is_repeat_of_denied"
"""What bills a denied claim again is no repeat."""
SIGNS = Signs(
    (
        Sign("price_score", most=6),
        Sign("price_above_own", most=3),
        Sign("units_ratio", usual=1),
        Sign("has_encounter", is_inverted=True),
        Sign("encounter_gap_days", is_count=True),
        Sign("contact_gap_days", is_count=True, missing=NO_CONTACT_DAYS),
        Sign("is_during_stay_elsewhere"),
        Sign("is_level_on_record", is_inverted=True),
        Sign("visit_claims_before", is_count=True),
        Sign("patient_day_claims_before", is_count=True),
        Sign("repeat_count", is_count=True, unless=REBILLING),
        Sign("is_repeat_redated", unless=REBILLING),
        Sign("is_repeat_by_other", unless=REBILLING),
        Sign("provider_day_claims", usual=1, is_count=True),
        Sign("provider_day_units", usual=1, is_count=True),
        Sign("provider_repeat_share"),
        Sign("provider_far_share"),
        Sign("provider_unrecorded_level_share"),
        Sign("provider_crowded_visit_share"),
        Sign("provider_price_level"),
        Sign("provider_high_level_excess"),
        Sign("referrer_share_to_facility"),
        Sign("facility_share_from_referrer"),
    )
)


def load(tables: Tables) -> Rows:
    """Return one row per claim; its outcome is known where a review of it has ended: fraud or not."""
    claims = tables.read("gold/features_claims")
    reviews = tables.read("gold/fact_claim_reviews", ["claim_id", "is_fraud", "scheme_found"])
    judged = reviews.dropna(subset=["is_fraud"]).groupby("claim_id", as_index=False).last()
    rows = claims.merge(judged, on="claim_id", how="left", validate="one_to_one")
    return Rows(
        SIGNS.frame(rows), rows, rows["is_fraud"].astype(float).to_numpy(), pd.DataFrame(index=rows.index)
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
    features=SIGNS,
    load=load,
    split=by_time_and_patient(REVIEW_DAYS),
    candidates={"isolation_forest": Suspicion},
    baselines={"price_of_procedure": price_of_procedure},
)
