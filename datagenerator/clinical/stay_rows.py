"""True stays as billing cuts them into rows: interim bills, overlaps, repeats under a new number."""

import numpy as np
import pandas as pd

from datagenerator.clinical.clock import DAY, HOUR

INTERIM_FROM_DAYS, INTERIM_SHARE = 10, 0.30
LONG_FROM_DAYS, LONG_SHARE = 20, 0.60
OVERLAP_FROM_DAYS, OVERLAP_SHARE, NESTED_SHARE = 3, 0.014, 0.3
CHAIN_FROM_DAYS, CHAIN_SHARE = 6, 0.02
REPEAT_SHARE = 0.005


def split(stays: pd.DataFrame, draws: np.ndarray) -> pd.DataFrame:
    """Return encounter rows: `stay` (position), admitted, discharged, bill_frequency, disposition.

    Rows of one stay touch or overlap and together cover it exactly; the one that ends last carries the
    outcome. `draws` has four uniform numbers a stay.
    """
    los = stays["los"].to_numpy()
    interim = (los >= INTERIM_FROM_DAYS) & (
        draws[:, 0] < np.where(los >= LONG_FROM_DAYS, LONG_SHARE, INTERIM_SHARE)
    )
    chain = ~interim & (los >= CHAIN_FROM_DAYS) & (draws[:, 1] < CHAIN_SHARE)
    overlap = ~interim & ~chain & (los >= OVERLAP_FROM_DAYS) & (draws[:, 2] < OVERLAP_SHARE)
    repeat = ~interim & ~chain & ~overlap & (draws[:, 3] < REPEAT_SHARE)
    whole = ~(interim | chain | overlap | repeat)
    parts = [
        _piece(stays, whole, 0.0, 1.0, "1", last=True),
        *(_piece(stays, repeat, 0.0, 1.0, "1", last=True) for _ in range(2)),
        *_interim_bills(stays, interim),
        *_overlapping(stays, overlap, draws[:, 3] < NESTED_SHARE),
        _piece(stays, chain, 0.0, 0.45, "1", last=False),
        _piece(stays, chain, 0.35, 0.75, "1", last=False),
        _piece(stays, chain, 0.65, 1.0, "1", last=True),
    ]
    rows = pd.concat(parts, ignore_index=True)
    return rows.sort_values(["stay", "admitted", "discharged"], kind="stable", ignore_index=True)


def _interim_bills(stays: pd.DataFrame, chosen: np.ndarray) -> list[pd.DataFrame]:
    """First and last bill, for long stays one between; each begins where the last one ended."""
    long = chosen & (stays["los"].to_numpy() >= LONG_FROM_DAYS)
    short = chosen & ~long
    return [
        _piece(stays, short, 0.0, 0.5, "2", last=False),
        _piece(stays, short, 0.5, 1.0, "4", last=True),
        _piece(stays, long, 0.0, 0.35, "2", last=False),
        _piece(stays, long, 0.35, 0.7, "3", last=False),
        _piece(stays, long, 0.7, 1.0, "4", last=True),
    ]


def _overlapping(stays: pd.DataFrame, chosen: np.ndarray, nested: np.ndarray) -> list[pd.DataFrame]:
    inside, crossing = chosen & nested, chosen & ~nested
    return [
        _piece(stays, inside, 0.0, 1.0, "1", last=True),
        _piece(stays, inside, 0.3, 0.7, "1", last=False),
        _piece(stays, crossing, 0.0, 0.6, "1", last=False),
        _piece(stays, crossing, 0.4, 1.0, "1", last=True),
    ]


def _piece(
    stays: pd.DataFrame, chosen: np.ndarray, begin: float, end: float, frequency: str, last: bool
) -> pd.DataFrame:
    """Return the part of the chosen stays between two shares of their length, cut at eight in the morning."""
    some = stays[chosen]
    admitted, discharged = some["admitted"].to_numpy(), some["discharged"].to_numpy()
    return pd.DataFrame(
        {
            "stay": np.flatnonzero(chosen),
            "admitted": _cut(admitted, discharged, begin),
            "discharged": _cut(admitted, discharged, end),
            "bill_frequency": frequency,
            "disposition": some["disposition"].to_numpy() if last else "30",
        }
    )


def _cut(admitted: np.ndarray, discharged: np.ndarray, share: float) -> np.ndarray:
    if share <= 0:
        return admitted
    if share >= 1:
        return discharged
    days = np.maximum(np.rint((discharged - admitted) / DAY * share).astype(np.int64), 1)
    return (admitted // DAY + days) * DAY + 8 * HOUR
