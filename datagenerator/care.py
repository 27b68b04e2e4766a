"""What really happened to one block of patients: the event log behind landing files and truth."""

from dataclasses import dataclass

import pandas as pd


@dataclass(frozen=True)
class Care:
    """Event log of one block.

    `people` (one row a patient) and `stays` (one row a true acute stay) are latent: only the truth tells of
    them. The others are what the source records, with the columns of the landing contract and `_known`, the
    delivery (0 is the initial extract) that first brings that image of the row; other columns that begin
    with an underscore are latent too.
    """

    people: pd.DataFrame
    patients: pd.DataFrame
    encounters: pd.DataFrame
    diagnoses: pd.DataFrame
    procedures: pd.DataFrame
    registry: pd.DataFrame
    stays: pd.DataFrame
    infections: pd.DataFrame


def first_told(rows: pd.DataFrame, key: str) -> pd.DataFrame:
    """Return of each record the image that the earliest delivery brings, in the order of the keys."""
    return rows.sort_values([key, "_known"], kind="stable").drop_duplicates(key)
