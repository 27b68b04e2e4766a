"""Finished encounters with what was behind them, for records that follow from them."""

import pandas as pd

from datagenerator.care import Care
from datagenerator.money.billable import billable

LATENT = ["discharge_disposition", "_stay", "_reason", "updated_at"]


def finished(care: Care) -> pd.DataFrame:
    """Return one row per finished encounter as `billable` gives it, with disposition, true stay and reason.

    `updated_at` and `_known` are those of the image that first tells of the end.
    """
    ended = care.encounters[care.encounters["discharged_at"].notna()]
    first = ended.sort_values(["encounter_id", "_known"], kind="stable").drop_duplicates("encounter_id")
    return billable(care).join(first.set_index("encounter_id")[LATENT], on="encounter_id")
