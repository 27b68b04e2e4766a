"""What a verification found, for programs and for people."""

from dataclasses import asdict
from itertools import groupby
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from carelake.verify.check import Check, listed
from carelake.verify.verification import Verification

COLOURS = {"ok": "green", "failed": "red", "behind": "yellow", "not_checked": "dim"}


def as_json(found: Verification) -> dict[str, Any]:
    """Return a verification as JSON values: how it went, how far the lake is, and every check."""
    return {
        "status": found.status,
        "deliveries": {
            "described": found.described,
            "loaded": found.described - len(found.behind),
            "behind": len(found.behind),
        },
        "seconds": round(found.seconds, 1),
        "checks": [asdict(check) for check in found.checks],
    }


def show(found: Verification, console: Console) -> None:
    """Print a line per check; a group in which all went alike, or the part of it that did, is one line."""
    table = Table(
        "check", "status", "expected", "found", "missing", "false alarms", "unit", "detail", box=None
    )
    for column in table.columns[2:6]:
        column.justify = "right"
    for _, group in groupby(found.checks, key=lambda check: check.group):
        for check in _folded(list(group)):
            counts = (check.expected, check.found, check.missing, check.false_alarms)
            cells = ["" if count is None else f"{count:,}" for count in counts]
            status = f"[{COLOURS[check.status]}]{check.status}[/]"
            table.add_row(check.name, status, *cells, check.unit if cells[0] else "", escape(check.detail))
    console.print(table)
    console.print(_summary(found), markup=False, highlight=False, soft_wrap=True)


def _folded(checks: list[Check]) -> list[Check]:
    """Return failed checks as they are and the others of a group as one per status and unit."""
    alike: dict[tuple[str, str], list[Check]] = {}
    for check in checks:
        if check.status != "failed":
            alike.setdefault((check.status, check.unit), []).append(check)
    return [_fold(group) for group in alike.values()] + [
        check for check in checks if check.status == "failed"
    ]


def _fold(checks: list[Check]) -> Check:
    first = checks[0]
    if len(checks) == 1:
        return first
    sums = {
        name: sum(getattr(check, name) for check in checks) if first.expected is not None else None
        for name in ("expected", "found", "missing", "false_alarms")
    }
    details = {check.detail for check in checks}
    said = [f"{check.name.partition('/')[2]}: {check.detail}" for check in checks if check.detail]
    detail = first.detail if len(details) == 1 else listed(said)
    name = f"{first.group} ({len(checks)})"
    return Check(name, first.status, **sums, unit=first.unit, detail=detail)


def _summary(found: Verification) -> str:
    counts = {status: sum(check.status == status for check in found.checks) for status in COLOURS}
    said = ", ".join(f"{count} {status.replace('_', ' ')}" for status, count in counts.items() if count)
    return f"verify: {found.status}; {said}; {found.seconds:.1f} s"
