"""A check: what was expected, what was found, and where to look when the two differ."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

Status = Literal["ok", "failed", "behind", "not_checked"]
EXAMPLES = 3
"""Places that a detail names at most."""


@dataclass(frozen=True)
class Check:
    """One check; its counts are in `unit` and None where nothing was counted.

    `missing`: expected and not found. `false_alarms`: found and not expected. `behind`: the lake has not
    loaded or scored yet what the check is about. `detail` says what is off, where, and what to look at.
    """

    name: str
    status: Status
    expected: int | None = None
    found: int | None = None
    missing: int | None = None
    false_alarms: int | None = None
    unit: str = "rows"
    detail: str = ""

    @property
    def group(self) -> str:
        """What the check belongs to: its name up to the slash."""
        return self.name.partition("/")[0]


def compared(
    name: str, expected: int, missing: int, false_alarms: int, *, unit: str = "rows", detail: str = ""
) -> Check:
    """Return a check that is ok when nothing is missing and nothing is there that should not be."""
    status: Status = "failed" if missing or false_alarms else "ok"
    return Check(name, status, expected, expected - missing, missing, false_alarms, unit, detail)


def not_checked(name: str, reason: str) -> Check:
    """Return a check that could not be made, and why."""
    return Check(name, "not_checked", detail=reason)


def listed(what: Iterable[str], limit: int = EXAMPLES) -> str:
    """Return the first few of some findings as text, and how many more there are."""
    found = list(what)
    more = f" and {len(found) - limit} more" if len(found) > limit else ""
    return ", ".join(found[:limit]) + more


def sentences(*parts: str) -> str:
    """Return the parts that say something, in one line."""
    return "; ".join(part for part in parts if part)
