"""The care that can be billed: finished encounters with what their claims need to tell."""

import numpy as np
import pandas as pd

from datagenerator.care import Care, first_told
from datagenerator.clinical.emergency import left_unseen
from datagenerator.money.prices import INPATIENT

FACTS = [
    "encounter_id",
    "patient_id",
    "facility_id",
    "provider_id",
    "payer_id",
    "admitted_at",
    "discharged_at",
    "_known",
]
# What is known of the patient of an encounter: from the latent people, or from the first recorded version.
PERSONAL = {
    "_cost_factor": "cost_factor",
    "_frailty": "frailty",
    "_death": "death_date",
    "_sex": "sex",
    "_birth": "birth_date",
    "_primary": "pcp_provider_id",
}


def billable(care: Care) -> pd.DataFrame:
    """Return one row per finished encounter, by id, in the image that first tells of its end.

    Who left an emergency department without being seen is sent no bill. Adds `_type`, `_encounter` and
    `_attending` (encounter and provider, also where a claim names none or others), `_severity`,
    `_drg_weight`, the principal `diagnosis_code`, and of the patient `_cost_factor`, `_frailty`, `_death`,
    `_sex`, `_birth` and `_primary` (the primary care provider first known).
    """
    is_finished = care.encounters["discharged_at"].notna() & ~left_unseen(care.encounters)
    first = first_told(care.encounters[is_finished], "encounter_id")
    rows = first[FACTS].assign(
        _type=first["encounter_type"],
        _encounter=first["encounter_id"],
        _attending=first["provider_id"],
        _severity=_latent(first, "_severity", 0.0),
        _drg_weight=_latent(first, "_drg_weight", np.nan),
    )
    people = care.people.drop_duplicates("patient_id").set_index("patient_id")
    persons = care.patients.sort_values(["_known", "recorded_at", "effective_date"], kind="stable")
    persons = persons.drop_duplicates("patient_id").set_index("patient_id")
    for name, source in PERSONAL.items():
        origin = people if source in people else persons
        rows[name] = rows["patient_id"].map(origin[source])
    rows["diagnosis_code"] = rows["encounter_id"].map(_principal(care.diagnoses))
    return rows.reset_index(drop=True)


def _latent(frame: pd.DataFrame, column: str, default: float) -> pd.Series:
    if column not in frame:
        return pd.Series(default, index=frame.index)
    return frame[column].astype("float64")


def _principal(diagnoses: pd.DataFrame) -> pd.Series:
    """Return the principal diagnosis code per encounter, as first coded."""
    first = diagnoses[diagnoses["sequence"] == 1].sort_values("_known", kind="stable")
    return first.drop_duplicates("encounter_id").set_index("encounter_id")["diagnosis_code"]


def with_procedures(claims: pd.DataFrame, procedures: pd.DataFrame) -> pd.DataFrame:
    """Give each claim one of its encounter's procedures, with code and units.

    A stay's are billed in turn by rank, a visit by its level, the first of its procedures.

    The inpatient code system is the hospital's: professional claims of a stay carry none of its codes.
    """
    ordered = procedures.sort_values(["encounter_id", "sequence", "_known"], kind="stable")
    ordered = ordered.drop_duplicates(["encounter_id", "sequence"])
    listed = ordered[["encounter_id", "procedure_code", "quantity"]].rename(columns={"quantity": "units"})
    listed["_turn"] = ordered.groupby("encounter_id").cumcount()
    count = claims["encounter_id"].map(ordered["encounter_id"].value_counts()).fillna(1).astype(int)
    turns = claims.assign(_turn=(claims["_rank"] % count).where(claims["_type"] == INPATIENT, 0))
    merged = turns.merge(listed, on=["encounter_id", "_turn"], how="left")
    of_hospital = (merged["_type"] == INPATIENT) & (merged["claim_form"] == "professional")
    merged["procedure_code"] = merged["procedure_code"].mask(of_hospital, None)
    return merged.assign(units=merged["units"].mask(of_hospital).astype("Int64").fillna(1))
