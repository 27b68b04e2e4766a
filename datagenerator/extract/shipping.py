"""Which rows of a file each delivery brings: new, changed, late, corrected and repeated ones."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import stream
from datagenerator.draws import hashes, uniform
from datagenerator.extract.layout import LAYOUTS, Layout
from datagenerator.extract.planting import delivered, planted
from datagenerator.extract.recipes import Kind
from datagenerator.periods import Period, period

STREAM = 7
LATE_SHARE = 0.02
CORRECTED_SHARE = 0.3
REPEATED_SHARE = 0.002
RESENT_SHARE = 0.01
# A row that has left its patient's records can't be put right in them: the receiver keeps it aside.
BEYOND_CORRECTION = ("orphan", "patient_id_missing")
FILE_NUMBERS = {name: number for number, name in enumerate(LAYOUTS)}


def shipped(
    images: pd.DataFrame, layout: Layout, arguments: Arguments, block: int, deliveries: int
) -> pd.DataFrame:
    """Return every row of a file in all deliveries, with `_delivery` and `_row` (from 1 in the block's part).

    `images` are typed rows with `_known`, `_fragile` (must not be spoiled or withheld) and `_final`. What a
    delivery brings depends on the images known by then alone.
    """
    images = images.assign(_sent=_sent_in(images, layout, arguments.seed))
    parts: list[pd.DataFrame] = []
    for number in range(deliveries + 1):
        rng = stream(arguments.seed, block, STREAM, FILE_NUMBERS[layout.name], number)
        parts.append(_delivery(images, parts, layout, arguments, period(arguments, number), rng))
    return pd.concat([part for part in parts if len(part)], ignore_index=True) if images.size else parts[0]


def _sent_in(images: pd.DataFrame, layout: Layout, seed: int) -> pd.Series:
    """Return the delivery that brings each image: its own, or the next for the late ones."""
    key = key_text(images, layout)
    late = uniform(hashes(key), seed, "late row") < LATE_SHARE
    return images["_known"] + (late & (images["_known"] > 0) & ~images["_fragile"])


def key_text(rows: pd.DataFrame, layout: Layout) -> pd.Series:
    """Return the key of each row as one text."""
    parts = [rows[column].astype(str) for column in layout.key]
    return parts[0].str.cat(parts[1:], sep="|") if len(parts) > 1 else parts[0]


def _delivery(
    images: pd.DataFrame,
    parts: list[pd.DataFrame],
    layout: Layout,
    arguments: Arguments,
    now: Period,
    rng: np.random.Generator,
) -> pd.DataFrame:
    natural = delivered(images[images["_sent"] == now.number], layout)
    own = planted(natural, layout, arguments.defect_rate, now, rng)
    rows = [own, _repeats(own, REPEATED_SHARE, arguments, rng)]
    if parts:
        before = pd.concat(parts, ignore_index=True)
        room = float(max(len(natural), 1))
        resent = _repeats(before, RESENT_SHARE * min(len(natural) / max(len(before), 1), 1), arguments, rng)
        rows.append(resent.assign(_order=rng.random(len(resent)) * room))
        rows.append(_corrections(before, images, layout, now, rng))
    whole = pd.concat([part for part in rows if len(part)] or rows[:1], ignore_index=True)
    whole = whole.sort_values("_order", kind="stable").reset_index(drop=True)
    return whole.assign(_delivery=now.number, _row=np.arange(1, len(whole) + 1))


def _repeats(
    rows: pd.DataFrame, share: float, arguments: Arguments, rng: np.random.Generator
) -> pd.DataFrame:
    """Return copies, byte for byte, of some rows that no error was planted in."""
    if arguments.defect_rate == 0:
        return rows.iloc[:0]
    chosen = rows[(rng.random(len(rows)) < share) & (rows["_rules"] == "")]
    return chosen.assign(_order=rng.random(len(chosen)) * len(rows), _kind="repeat")


def _corrections(
    before: pd.DataFrame, images: pd.DataFrame, layout: Layout, now: Period, rng: np.random.Generator
) -> pd.DataFrame:
    """Return sound rows, newly written, for some that were spoiled in an earlier delivery.

    Only keys with a single image so far: the correction is then the latest there is of it.
    """
    spoiled = before[(before["_kind"] == Kind.IN_PLACE.value) & ~before["_rules"].isin(BEYOND_CORRECTION)]
    corrected = before.loc[before["_kind"] == "correction", "_image"]
    open_cases = np.setdiff1d(spoiled["_image"].to_numpy(), corrected.to_numpy())
    drawn = open_cases[rng.random(len(open_cases)) < CORRECTED_SHARE]
    so_far = images[images["_sent"] <= now.number]
    single = ~key_text(so_far, layout).duplicated(keep=False)
    rows = delivered(so_far[single & so_far.index.isin(drawn)], layout)
    length = (pd.Timestamp(now.data_through) - pd.Timestamp(now.first)).total_seconds()
    written = pd.Timestamp(now.first) + pd.to_timedelta(np.floor(rng.random(len(rows)) * length), unit="s")
    return rows.assign(
        updated_at=pd.Series(written, rows.index, dtype="datetime64[s]"),
        _order=rng.random(len(rows)) * 1e6,
        _kind="correction",
    )
