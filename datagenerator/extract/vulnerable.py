"""Which rows may be spoiled or withheld: the truth about stays must still follow from what is left."""

import pandas as pd

from datagenerator.care import Care

INPATIENT = "inpatient"
PENDING = "pending"
# Column that the last image of a row fills.
ENDS = {"enrollment": "coverage_end", "treatments": "ended_on", "claim_reviews": "reviewed_on"}


def marked(name: str, rows: pd.DataFrame, care: Care) -> pd.DataFrame:
    """Return the images of a file with `_fragile` (leave it alone) and `_final` (never comes again).

    A stay must be seen whole or not at all: a fragile encounter is an inpatient one, unless it is its
    patient's only one so far and this is its first, finished image. The principal diagnosis and the
    procedures of inpatient encounters decide how a stay is classed.
    """
    if name == "encounters":
        return rows.assign(_fragile=_fragile_encounters(rows), _final=rows["discharged_at"].notna())
    inpatient = _inpatient_ids(care)
    if name == "diagnoses":
        fragile = rows["encounter_id"].isin(inpatient) & (rows["sequence"] == 1).fillna(False)
        return rows.assign(_fragile=fragile.astype(bool), _final=False)
    if name == "procedures":
        return rows.assign(_fragile=rows["encounter_id"].isin(inpatient), _final=False)
    if name == "claims":
        return rows.assign(_fragile=False, _final=rows["claim_status"] != PENDING)
    if name in ENDS:
        return rows.assign(_fragile=False, _final=rows[ENDS[name]].notna())
    return rows.assign(_fragile=False, _final=name == "observations")


def _inpatient_ids(care: Care) -> set[str]:
    rows = care.encounters
    return set(rows.loc[rows["encounter_type"] == INPATIENT, "encounter_id"])


def _fragile_encounters(rows: pd.DataFrame) -> "pd.Series[bool]":
    inpatient = rows["encounter_type"] == INPATIENT
    first = rows.sort_values("_known", kind="stable").drop_duplicates("encounter_id")
    first_inpatient = first[first["encounter_type"] == INPATIENT]
    alone = pd.Series(False, rows.index)
    for number in sorted(rows["_known"].unique()):
        seen = first_inpatient.loc[first_inpatient["_known"] <= number, "patient_id"].value_counts()
        now = rows["_known"] == number
        alone |= now & (rows["patient_id"].map(seen) == 1)
    is_first = pd.Series(rows.index.isin(first.index), rows.index)
    return inpatient & ~(alone & is_first & rows["discharged_at"].notna())
