"""Building one table: whole the first time, afterwards only the scopes that its inputs' changes touch."""

import time
from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass
from functools import reduce
from typing import Literal

from pyspark import StorageLevel
from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contract import ALL, Contract
from carelake.delta import Lake, Written
from carelake.inputs import (
    Pinned,
    References,
    differs,
    is_followed,
    only_inserts,
    pin,
    scope_column,
    touched_by,
)
from carelake.quality.judge import OUTCOME, QUARANTINE, SILVER, SOURCE, key_of, scope_of
from carelake.registry import Registry, transformation
from carelake.scopes import SCOPE, near, restrict, scopes, with_linked
from carelake.states import Note, State, row_count

Status = Literal["built", "updated", "current", "maintained"]
SILVER_AUDIT = ["_warnings", *SOURCE, "_row_hash"]
QUARANTINED = [SCOPE, "_raw", "_reasons", *SOURCE]


@dataclass(frozen=True)
class Built:
    """What became of one table in a run; `written` is None where it was current, all its rows where built."""

    table: str
    status: Status
    seconds: float
    written: Written | None = None


@dataclass(frozen=True)
class Target:
    """A Delta table to be made of a frame: which rows and columns of it, and the key and scope in them."""

    table: str
    rows: Callable[[DataFrame], DataFrame]
    keys: list[str]
    scope: str


class Builder:
    """Builds tables of one lake in one run."""

    def __init__(
        self, lake: Lake, registry: Registry, references: References, run_id: str, *, full: bool = False
    ) -> None:
        """Take the lake, what there is to build, and whether to compute tables whole (`full`)."""
        self.lake = lake
        self.registry = registry
        self.references = references
        self.run_id = run_id
        self.full = full

    def build(self, contract: Contract) -> list[Built]:
        """Bring a table up to its inputs; a silver table and its quarantine are two, each in one commit."""
        started = time.monotonic()
        pinned = pin(contract, self.lake, self.registry, self.references)
        note = Note(self.run_id, contract.fingerprint, {p.read.table: p.stamp for p in pinned})
        targets = targets_of(contract)
        states = [self.lake.state(target.table) for target in targets]
        if not self.full and all(is_current(state, note) for state in states):
            return [Built(target.table, "current", time.monotonic() - started) for target in targets]
        # The history server shows by table what a run spent its time on.
        self.lake.session.sparkContext.setJobDescription(contract.table)
        with ExitStack() as kept:
            touched = None if self.full else self._touched(contract, pinned, note, states)
            if touched is not None:
                touched = near(_keep(touched, kept))
            made = self._transform(contract, pinned, touched)
            if len(targets) > 1:
                made = _keep(made, kept)
            return [
                self._write(target, state, made, touched, note, contract, started)
                for target, state in zip(targets, states, strict=True)
            ]

    def _touched(
        self, contract: Contract, pinned: list[Pinned], note: Note, states: list[State | None]
    ) -> DataFrame | None:
        """Return the touched scopes; None where the table must be computed whole."""
        found = []
        for target, state in zip(targets_of(contract), states, strict=True):
            if state is None or state.note.contract != note.contract:
                return None
            for one in pinned:
                stamp = state.note.inputs.get(one.read.table)
                if stamp is None:
                    return None
                if one.stale_since(stamp):
                    scopes_touched = self._touched_by(contract, one, stamp, target)
                    if scopes_touched is None:
                        return None
                    found.append(scopes_touched)
        touched = reduce(DataFrame.union, found).distinct()
        if contract.layer != "silver":
            return touched
        bronze = next(one for one in pinned if one.read.table.startswith("bronze/"))
        links = bronze.frame().select(scope_of(contract).alias(SCOPE), key_of(contract).alias("_key"))
        return with_linked(touched, links)

    def _touched_by(
        self, contract: Contract, changed: Pinned, noted: str, target: Target
    ) -> DataFrame | None:
        """Return the scopes that one changed input touches; None if all, or if nobody can tell any more."""
        if contract.scope == ALL or not is_followed(changed, noted, self.lake):
            return None
        if changed.read.mode == "scoped":
            return touched_by(contract, changed, noted, self.lake)
        so_far = self.lake.read(target.table)
        if changed.read.mode == "horizon" and only_inserts(changed, noted, self.lake):
            return scopes(so_far.where(F.expr(contract.awaits or "true")), F.col(contract.scope))
        if changed.read.columns and not differs(changed, noted, self.lake):
            return scopes(so_far, F.col(contract.scope)).limit(0)
        return None

    def _transform(self, contract: Contract, pinned: list[Pinned], touched: DataFrame | None) -> DataFrame:
        frames = {}
        for one in pinned:
            name = "bronze" if one.read.table.startswith("bronze/") else one.read.name
            frame = one.frame()
            if one.read.mode == "scoped":
                frame = restrict(frame, scope_column(contract, one.read), touched)
            frames[name] = frame.select(*one.read.columns) if one.read.columns else frame
        made = transformation(contract)(**frames)
        assert isinstance(made, DataFrame)
        return made

    def _write(
        self,
        target: Target,
        state: State | None,
        made: DataFrame,
        touched: DataFrame | None,
        note: Note,
        contract: Contract,
        started: float,
    ) -> Built:
        if not self.full and is_current(state, note):
            # A run that was cut short between silver and quarantine finds the first of them done.
            return Built(target.table, "current", time.monotonic() - started)
        new = target.rows(made)
        if state is None or state.note.contract != note.contract:
            self.lake.overwrite(target.table, described(new, contract), note)
            written = Written(inserted=row_count(self.lake.path(target.table)))
            return Built(target.table, "built", time.monotonic() - started, written)
        old = restrict(self.lake.read(target.table), F.col(target.scope), touched).select(*new.columns)
        written = self.lake.apply(target.table, old, new, target.keys, note, is_whole=touched is None)
        return Built(target.table, "updated", time.monotonic() - started, written)


def _keep(frame: DataFrame, kept: ExitStack) -> DataFrame:
    """Have a frame computed once, until the stack closes."""
    persisted = frame.persist(StorageLevel.MEMORY_AND_DISK)
    kept.callback(persisted.unpersist)
    return persisted


def targets_of(contract: Contract) -> list[Target]:
    """Return the Delta tables that a contract's transformation fills."""
    if contract.layer != "silver":
        return [Target(contract.table, lambda made: made, contract.keys, contract.scope)]
    return [
        Target(contract.table, lambda judged: _silver(contract, judged), contract.keys, contract.scope),
        Target(f"quarantine/{contract.name}", _quarantined, SOURCE, SCOPE),
    ]


def is_current(state: State | None, note: Note) -> bool:
    """Tell whether a table already is what the noted contract and inputs make of it."""
    return state is not None and (state.note.contract, state.note.inputs) == (note.contract, note.inputs)


def described(frame: DataFrame, contract: Contract) -> DataFrame:
    """Return the frame with the contract's descriptions as column comments."""
    comments = {column.name: column.description for column in contract.columns}
    return frame.select(
        *(F.col(name).alias(name, metadata={"comment": comments.get(name, "")}) for name in frame.columns)
    )


def _silver(contract: Contract, judged: DataFrame) -> DataFrame:
    return judged.where(F.col(OUTCOME) == SILVER).select(*contract.select(), *SILVER_AUDIT)


def _quarantined(judged: DataFrame) -> DataFrame:
    return judged.where(F.col(OUTCOME) == QUARANTINE).select(*QUARANTINED)
