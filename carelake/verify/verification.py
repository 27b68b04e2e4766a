"""All checks of one lake, in order, and what they come to."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from carelake.contract import Contract
from carelake.errors import CarelakeError
from carelake.registry import Registry
from carelake.verify import (
    drugs,
    experience,
    history,
    keys,
    observed,
    operations,
    outcomes,
    reconcile,
    references,
    reviews,
    scores,
    stays,
    treated,
)
from carelake.verify.check import Check, Status, compared, listed, not_checked, sentences
from carelake.verify.fates import QUARANTINE, SILVER, fates
from carelake.verify.landing import LandingFile, landing_files
from carelake.verify.progress import Progress
from carelake.verify.tables import LakeTables
from carelake.verify.truth import Truth, read_truth

ORDER = (
    "files", "deliveries", "tables", "quarantine", "kept", "superseded", "warnings", "unresolved", "winners",
    "rows", "money", "claims", "reviews", "unique", "grain", "values", "ratios", "dim_patient", "references",
    "in_force", "emergency", "within_encounter", "ends", "flags", "coded", "outlived", "drugs", "operations",
    "surveys", "adverse_events", "stays", "readmissions",
)  # fmt: skip
TRUTH_OF_ROWS = ("quarantine", "kept", "superseded", "warnings", "unresolved")
NO_DEFECTS = ("deliveries",)
"""Tables of one row per delivery note, in which nothing is ever planted."""
WRITTEN = (SILVER, QUARANTINE)
"""Layers that a silver contract's table is in whether or not anything of it was delivered."""
LATER = {"infections": "gold/fact_infections is not built in this version"}
"""Checks that the truth has an answer to and this version does not make, and why."""


@dataclass(frozen=True)
class Verification:
    """The checks of a lake; `behind` are the deliveries of the truth it has not loaded."""

    checks: tuple[Check, ...]
    described: int
    behind: tuple[str, ...]
    seconds: float

    @property
    def status(self) -> Status:
        """`failed` where any check failed, else `behind` where the lake is, else `ok`."""
        found = {check.status for check in self.checks}
        return "failed" if "failed" in found else "behind" if "behind" in found else "ok"


def verify(lake: Path, landing_zone: Path, truth: Path, registry: Registry, scored: Registry) -> Verification:
    """Make every check of a lake, whose tables a run makes (`registry`) or champions do (`scored`).

    CarelakeError when there is no lake or the truth can't be read.
    """
    started = time.monotonic()
    tables = LakeTables(lake)
    silver = registry.layer("silver")
    if not any(tables.exists(contract.table) for contract in silver):
        raise CarelakeError(f"{lake}: there is no lake to verify yet: run `carelake run`")
    sealed = read_truth(truth)
    landed = {contract.name: landing_files(landing_zone, contract) for contract in silver}
    registers = {file: entry for contract in silver for file, entry in tables.register(contract.name).items()}
    progress = Progress(tuple(file for files in landed.values() for file in files), registers, sealed)
    found = [*progress.checks(), *Checks(tables, registry, scored, progress, landed, sealed).all()]
    found.sort(key=lambda check: ORDER.index(check.group) if check.group in ORDER else len(ORDER))
    described = len(sealed.deliveries) if sealed else 0
    return Verification(tuple(found), described, tuple(progress.behind), time.monotonic() - started)


class Checks:
    """The checks of tables, with what they are made from."""

    def __init__(
        self,
        tables: LakeTables,
        registry: Registry,
        scored: Registry,
        progress: Progress,
        landed: dict[str, list[LandingFile]],
        truth: Truth | None,
    ) -> None:
        """Take the lake, its contracts and those of scores, how far it has come, its files, and the truth."""
        self.tables = tables
        self.registry = registry
        self.scored = scored
        self.progress = progress
        self.landed = landed
        self.truth = None if progress.unknown_truth else truth
        self.defects = self.truth.defects() if self.truth else None
        self.known_unknown: list[pl.DataFrame] = []

    def all(self) -> Iterator[Check]:
        """Return all checks but those of files and deliveries."""
        yield self._built()
        for contract in self.registry.layer("silver"):
            yield from self._silver(contract)
        for contract in self.registry.layer("gold"):
            if self.tables.exists(contract.table):
                yield keys.unique(contract, self.tables)
        yield from keys.grains(self.registry, self.tables)
        yield from keys.money(self.tables, self.registry)
        claims = self.registry.contracts[reviews.CLAIMS]
        yield from reviews.checks(self.tables, claims, self.truth, self.progress.unknown_truth)
        yield from self._dim_patient()
        yield from self._references()
        yield from drugs.checks(self.tables)
        yield from experience.checks(self.tables)
        yield from self._operations()
        yield from observed.checks(self.tables, self.progress, self.truth)
        yield from treated.checks(self.tables, self.progress, self.truth)
        yield from stays.checks(self.tables, self.truth, self.progress.unknown_truth)
        yield from scores.checks(self.tables, self.scored, self.truth, self.progress.unknown_truth)
        for name, reason in LATER.items():
            yield not_checked(name, reason)

    def _built(self) -> Check:
        """Check that every table is there, made from its inputs as they are now (a stale one is missing)."""
        wanted = {
            f"{layer}/{contract.name}": contract
            for contract in self.registry.contracts.values()
            for layer in (WRITTEN if contract.layer == "silver" else ["gold"])
        }
        absent = [table for table in wanted if not self.tables.exists(table)]
        there = {table: contract for table, contract in wanted.items() if table not in absent}
        stale = [table for table, contract in there.items() if self.tables.newer_inputs(table, contract)]
        faults = sentences(
            f"not built: {listed(absent)}" if absent else "",
            f"older than what they are made from: {listed(stale)}" if stale else "",
        )
        detail = f"{faults}: run `carelake run`" if faults else ""
        return compared("tables", len(wanted), len(absent) + len(stale), 0, unit="tables", detail=detail)

    def _silver(self, contract: Contract) -> Iterator[Check]:
        """Check one silver table with its bronze and quarantine; what they hold is read once."""
        name = contract.name
        if not all(self.tables.exists(f"{layer}/{name}") for layer in WRITTEN):
            return
        if not self.tables.exists(f"bronze/{name}"):
            yield reconcile.from_nowhere(name, self.tables)
            return
        delivered = fates(self.tables, name)
        yield keys.unique(contract, self.tables)
        yield from reconcile.checks(contract, self.tables, delivered, self.progress, self.landed[name])
        unknown = references.unresolved(contract, self.tables)
        self.known_unknown.append(self._explained(unknown))
        if name in NO_DEFECTS:
            return
        if self.defects is None:
            yield from (
                not_checked(f"{group}/{name}", self.progress.unknown_truth) for group in TRUTH_OF_ROWS
            )
            return
        yield from outcomes.checks(name, self.tables, delivered, self.defects)
        yield references.flagged(contract, unknown, delivered, self.defects)

    def _explained(self, unknown: pl.DataFrame) -> pl.DataFrame:
        """Return the unknown references that may be: the truth's, without a truth all in silver."""
        if self.defects is None:
            return unknown
        return unknown.join(self.defects, on=outcomes.BROKEN, how="semi")

    def _dim_patient(self) -> Iterator[Check]:
        name = "dim_patient/history"
        if not self.tables.exists(history.TABLE):
            yield not_checked(name, f"{history.TABLE} is not built")
            return
        if self.truth:
            yield history.against_truth(self.tables, self.truth)
        else:
            yield not_checked(name, self.progress.unknown_truth)
        yield from history.invariants(self.tables)

    def _references(self) -> Iterator[Check]:
        known_unknown = pl.concat(self.known_unknown) if self.known_unknown else references.NOTHING
        for link in references.links(self.registry):
            if all(self.tables.exists(table) for table in (link.table, link.target)):
                yield references.resolved(link, self.tables, known_unknown)
                if link.column == references.PATIENT_KEY:
                    yield references.in_force(link.table, self.tables)

    def _operations(self) -> Iterator[Check]:
        yield from operations.ratios(self.tables)
        if self.truth:
            yield from operations.reconciled(self.tables, self.registry.contracts["silver/encounters"])
        else:
            yield not_checked("operations", self.progress.unknown_truth)
