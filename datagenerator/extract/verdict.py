"""What becomes of each delivered row: kept, superseded, or quarantined, and for which rules.

This follows from what was planted and what the source knows, in one pass from parents to children; nothing
is read back from the files.
"""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.extract.layout import LAYOUTS, ORGANISATION_FILES, Layout
from datagenerator.extract.shipping import key_text
from datagenerator.periods import path

KEPT, SUPERSEDED, QUARANTINED = "kept", "superseded", "quarantined"
Rows = dict[str, pd.DataFrame]


def judged(files: Rows, arguments: Arguments) -> Rows:
    """Return the delivered rows of each file with `_fate` and, for orphans, `_orphan`."""
    result: Rows = {}
    for name, rows in files.items():
        orphan = _orphans(name, rows, result)
        if name == "claims":
            settled = _settled(rows, orphan, LAYOUTS[name], arguments)
            orphan |= _without_original(rows, settled)
        result[name] = _settled(rows, orphan, LAYOUTS[name], arguments)
    return result


def kept(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the rows that are in force."""
    return rows[rows["_fate"] == KEPT]


def _orphans(name: str, rows: pd.DataFrame, parents: Rows) -> "pd.Series[bool]":
    """Tell which rows refer to a patient, or an encounter or claim of that patient, that is not kept."""
    orphan = pd.Series(False, rows.index)
    if name == "patients" or name in ORGANISATION_FILES:
        return orphan
    orphan |= ~rows["patient_id"].isin(kept(parents["patients"])["patient_id"])
    if "encounter_id" in rows and name != "encounters":
        known = kept(parents["encounters"])
        orphan |= rows["encounter_id"].notna() & ~_pair(rows, "encounter_id").isin(
            _pair(known, "encounter_id")
        )
    if "claim_id" in rows and name != "claims":
        orphan |= ~_pair(rows, "claim_id").isin(_pair(kept(parents["claims"]), "claim_id"))
    return orphan


def _pair(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows["patient_id"].astype(str) + "|" + rows[column].astype(str)


def _without_original(rows: pd.DataFrame, settled: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which corrections refer to an original claim that is not kept."""
    originals = kept(settled[settled["claim_version"] == "original"])
    known = _pair(rows, "original_claim_id").isin(_pair(originals, "claim_id"))
    return rows["original_claim_id"].notna() & ~known


def _settled(
    rows: pd.DataFrame, orphan: "pd.Series[bool]", layout: Layout, arguments: Arguments
) -> pd.DataFrame:
    """Decide within each key: the sound row written last is kept, what is not newer is superseded."""
    key = key_text(rows, layout).where(rows["_has_key"])
    written = rows["updated_at"].to_numpy(dtype="datetime64[s]").astype(np.int64)
    never = rows["updated_at"].isna().to_numpy()
    written = np.where(never, np.iinfo(np.int64).min, written)
    sound = (rows["_rules"] == "") & ~orphan & rows["_has_key"]
    order = pd.DataFrame({"key": key, "written": -written, "file": _paths(rows, layout, arguments)})
    order = order.assign(row=rows["_row"])[sound].sort_values(["key", "written", "file", "row"])
    winners = order.drop_duplicates("key")
    best = key.map(pd.Series(-winners["written"].to_numpy(), index=winners["key"]))
    fate = np.where(key.notna() & best.notna() & (written <= best.fillna(0)), SUPERSEDED, QUARANTINED)
    settled = rows.assign(_fate=fate, _orphan=orphan & (rows["_rules"] == ""))
    settled.loc[winners.index, "_fate"] = KEPT
    return settled


def _paths(rows: pd.DataFrame, layout: Layout, arguments: Arguments) -> pd.Series:
    """Return the file of each row: between equal rows the first by path, then by row, is kept."""
    paths = {number: path(arguments, number, layout.file) for number in rows["_delivery"].unique()}
    return rows["_delivery"].map(paths)
