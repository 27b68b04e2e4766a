"""Finished encounters with what was behind them, for records that follow from them."""

import pandas as pd

from datagenerator.care import Care, first_told
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.money.billable import billable

LATENT = ["discharge_disposition", "_stay", "_reason", "updated_at"]


def finished(care: Care) -> pd.DataFrame:
    """Return one row per finished encounter as `billable` gives it, with disposition, true stay and reason.

    `_age` is in years; `updated_at` and `_known` are those of the image that first tells of the end.
    """
    ended = care.encounters[care.encounters["discharged_at"].notna()]
    first = first_told(ended, "encounter_id").set_index("encounter_id")
    rows = billable(care).join(first[LATENT], on="encounter_id")
    born = rows["patient_id"].map(care.people.set_index("patient_id")["birth_date"])
    return rows.assign(_age=(rows["admitted_at"] - born).dt.days / DAYS_PER_YEAR)
