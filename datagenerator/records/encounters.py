"""Finished encounters with what was behind them, for records that follow from them."""

import pandas as pd

from datagenerator.care import Care
from datagenerator.money.billable import billable

DAYS_PER_YEAR = 365.25
LATENT = ["discharge_disposition", "_stay", "_reason", "updated_at"]


def finished(care: Care) -> pd.DataFrame:
    """Return one row per finished encounter as `billable` gives it, with disposition, true stay and reason.

    `_age` is in years; `updated_at` and `_known` are those of the image that first tells of the end.
    """
    ended = care.encounters[care.encounters["discharged_at"].notna()]
    first = ended.sort_values(["encounter_id", "_known"], kind="stable").drop_duplicates("encounter_id")
    rows = billable(care).join(first.set_index("encounter_id")[LATENT], on="encounter_id")
    born = rows["patient_id"].map(care.people.set_index("patient_id")["birth_date"])
    return rows.assign(_age=(rows["admitted_at"] - born).dt.days / DAYS_PER_YEAR)
