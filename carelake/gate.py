"""The quality gate between silver and gold: too many quarantined rows in a delivery keep gold as it is."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import Any

from carelake.contract import Contract
from carelake.registry import Registry
from carelake.states import read_rows, read_state

FEWEST = 3
"""Fewer quarantined rows than this prove nothing about a delivery, however small it is."""


@dataclass(frozen=True)
class Breach:
    """A delivery of a table with more quarantined rows than the contract's bound allows."""

    table: str
    delivery: str
    rows: int
    quarantined: int
    bound: float
    reasons: list[tuple[str, int]]

    def __str__(self) -> str:
        """Say what is wrong and what to do."""
        reasons = ", ".join(f"{reason} {count}" for reason, count in self.reasons)
        return (
            f"quality gate: {self.quarantined} of {self.rows} rows of {self.table} in delivery "
            f"{self.delivery} are quarantined ({self.quarantined / self.rows:.1%}, bound {self.bound:.1%}: "
            f"{reasons}); gold is left as it is; see quarantine/{self.table}, replace the file or deliver "
            f"corrected rows, or raise quarantine_bound in the contract"
        )


def breaches(lake: Path, registry: Registry) -> list[Breach]:
    """Return the deliveries of silver tables that keep gold from being built, as they stand."""
    return [breach for contract in registry.layer("silver") for breach in breaches_of(lake, contract)]


def breaches_of(lake: Path, contract: Contract) -> list[Breach]:
    """Return the deliveries of a silver table that are past its bound of quarantined rows, as they stand.

    Of a file that was replaced, its last content alone counts: whoever delivered it anew has put it right.
    """
    state = read_state(lake / "bronze" / contract.name)
    if state is None:
        return []
    rows: Counter[str] = Counter()
    for name, entry in state.note.files.items():
        rows[_delivery(name)] += entry.get("latest", entry)["rows"]
    path = lake / "quarantine" / contract.name
    found = []
    for delivery, (quarantined, reasons) in _quarantined(path, state.note.files).items():
        bound = contract.quarantine_bound
        if quarantined >= FEWEST and quarantined > bound * rows[delivery]:
            top = reasons.most_common(3)
            found.append(Breach(contract.name, delivery, rows[delivery], quarantined, bound, top))
    return found


def _quarantined(path: Path, files: Mapping[str, Any]) -> dict[str, tuple[int, Counter[str]]]:
    found: dict[str, tuple[int, Counter[str]]] = {}
    for row in read_rows(path, "select _source_file, _batch_id, _reasons from t"):
        file, batch = row["_source_file"], row["_batch_id"]
        if files.get(file, {}).get("latest", {}).get("run", batch) == batch:
            count, seen = found.get(_delivery(file), (0, Counter()))
            found[_delivery(file)] = (count + 1, seen + Counter(row["_reasons"]))
    return found


def _delivery(file: str) -> str:
    return PurePosixPath(file).parent.as_posix()
