"""The patient history that sound rows imply: slowly changing dimension, type 2."""

import pandas as pd
import pyarrow as pa

from datagenerator.extract.layout import LAYOUTS
from datagenerator.extract.text import cells

NOT_TRACKED = {"patient_id", "effective_date", "recorded_at", "updated_at"}
TRACKED = [name for name in LAYOUTS["patients"].columns if name not in NOT_TRACKED]
COLUMNS = ["patient_id", "valid_from", "valid_to", *TRACKED]


def history(rows: pd.DataFrame) -> pa.Table:
    """Return the versions of each patient as text, by patient and first day.

    Of the rows with one effective date the one recorded last holds; a version equal to the one before is none
    of its own; `valid_to` is the day the next version begins, empty for the current one.
    """
    ordered = rows.sort_values(["patient_id", "effective_date", "recorded_at", "updated_at"], kind="stable")
    latest = ordered.drop_duplicates(["patient_id", "effective_date"], keep="last")
    values = cells(latest, LAYOUTS["patients"]).to_pandas().fillna("")
    before = values[TRACKED].shift()
    first = values["patient_id"] != values["patient_id"].shift()
    changed = (values[TRACKED] != before).any(axis=1)
    versions = values[first | changed].rename(columns={"effective_date": "valid_from"})
    following = versions.groupby("patient_id", sort=False)["valid_from"].shift(-1)
    return pa.Table.from_pandas(versions.assign(valid_to=following.fillna(""))[COLUMNS], preserve_index=False)
