"""What was last known of a patient at a time."""

import pandas as pd

PLACE = "_place"


def latest(
    rows: pd.DataFrame, at: str, events: pd.DataFrame, when: str, within: pd.Timedelta | None = None
) -> pd.DataFrame:
    """Return for each row, by its index, the patient's last event no later than the row's time `at`.

    Of events at one time the last in order counts; there is none, and no values, where they lie further back
    than `within`.
    """
    asked = rows[["patient_id", at]].reset_index(names=PLACE)
    asked, known = _ordered(asked, at), _ordered(events, when)
    found = pd.merge_asof(asked, known, left_on=at, right_on=when, by="patient_id", tolerance=within)
    return found.set_index(PLACE).sort_index()


def _ordered(rows: pd.DataFrame, time: str) -> pd.DataFrame:
    """Return rows by time, in the types that rows have when there are any."""
    typed = rows.astype({"patient_id": object, time: "datetime64[s]"})
    return typed.sort_values(time, kind="stable")
