"""How much of what is added to honest originals, and which claims it falls on, period by period."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block, quota
from datagenerator.money.copies import Pool
from datagenerator.money.fraud import (
    DUPLICATE,
    IMPOSSIBLE_DAY,
    KICKBACK,
    PHANTOM,
    SCHEMES,
    UNBUNDLING,
    UPCODING,
)
from datagenerator.money.fraud.duplicates import duplicates
from datagenerator.money.fraud.impossible_day import gap, impossible_days
from datagenerator.money.fraud.kickback import kickbacks
from datagenerator.money.fraud.network import part_of_fraud
from datagenerator.money.fraud.phantom import phantoms
from datagenerator.money.fraud.unbundling import unbundled
from datagenerator.money.fraud.upcoding import upcoded
from datagenerator.money.rebilling import DOUBLE_BILLED, REBILLED, double_billed, rebilled
from datagenerator.world import figures

HONEST = (REBILLED, DOUBLE_BILLED)
ADDED_SCHEMES = tuple(scheme for scheme in SCHEMES if scheme != UPCODING)
ADDED = (*ADDED_SCHEMES, *HONEST)
Counts = dict[str, int]


def planned(arguments: Arguments, block: Block) -> Counts:
    """Return the claims of each scheme, and honest repeats, in the block's initial extract."""
    wanted = quota(round(arguments.fraud_rate * arguments.claims), arguments, block)
    return _split(wanted, arguments) | _honest(quota(arguments.claims, arguments, block), arguments)


def _split(total: int, arguments: Arguments) -> Counts:
    """Return the schemes' parts of a number of claims, which they add up to."""
    counts: Counts = {}
    for scheme in ADDED_SCHEMES:
        counts[scheme] = min(round(total * part_of_fraud(scheme, arguments)), total - sum(counts.values()))
    return {UPCODING: total - sum(counts.values()), **counts}


def _honest(claims: int, arguments: Arguments) -> Counts:
    known = figures(arguments.world, "billing")
    return {name: round(claims * known[name]) for name in HONEST}


def _monthly(number: int, claims: int, arguments: Arguments) -> Counts:
    """Return the parts of a month with so many honest originals; impossible days come in some alone."""
    total = round(claims * arguments.fraud_rate)
    counts, months = _split(total, arguments), gap(arguments)
    wanted = round(total * part_of_fraud(IMPOSSIBLE_DAY, arguments) * months)
    day = min(wanted, counts[IMPOSSIBLE_DAY] + counts[UPCODING])
    day = day if number % months == 0 else 0
    rest = counts[UPCODING] + counts[IMPOSSIBLE_DAY] - day
    return counts | {IMPOSSIBLE_DAY: day, UPCODING: rest} | _honest(claims, arguments)


def with_added(
    originals: pd.DataFrame, stays: pd.DataFrame, initial: Counts, arguments: Arguments, deliveries: int
) -> pd.DataFrame:
    """Return the originals with `_scheme` filled, some upcoded, and the claims that fraud and repeats add.

    `initial` says how many of each the initial extract gets, as far as there are claims to work with;
    upcoding takes what others leave. All goes by the period of submission, so that a later month leaves
    those before as they were.
    """
    rows = originals.assign(_scheme="", _added="", _number=originals["_rank"])
    pools = {name: pool(rows, arguments, deliveries) for name, pool in _pools(stays).items()}
    added: list[pd.DataFrame] = []
    used: set[int] = set()
    for number in range(deliveries + 1):
        honest = rows[rows["_submitted"] == number]
        counts = _monthly(number, len(honest), arguments) if number else initial
        left = sum(counts[scheme] for scheme in SCHEMES)
        for name in ADDED:
            ready = pools[name][pools[name]["_submitted"] == number]
            is_upcoded = rows["_scheme"].reindex(ready["_base"]).eq(UPCODING).to_numpy()
            taken = _worst(ready[~is_upcoded], counts[name])
            used |= set(taken["_base"])
            left -= len(taken) if name in SCHEMES else 0
            added.append(taken.assign(_added=name))
        hit = upcoded(honest[~honest.index.isin(used)], left, arguments)
        rows.loc[hit.index] = hit[rows.columns]
    extra = [some[rows.columns] for some in added if len(some)]
    return pd.concat([rows, *extra], ignore_index=True)


def _pools(stays: pd.DataFrame) -> dict[str, Pool]:
    return {
        UNBUNDLING: unbundled,
        PHANTOM: lambda claims, arguments, deliveries: phantoms(claims, stays, arguments, deliveries),
        DUPLICATE: duplicates,
        IMPOSSIBLE_DAY: impossible_days,
        KICKBACK: kickbacks,
        REBILLED: rebilled,
        DOUBLE_BILLED: double_billed,
    }


def _worst(ready: pd.DataFrame, count: int) -> pd.DataFrame:
    """Return the most tempting candidates, what belongs together together."""
    return ready.sort_values(["_temptation", "_part"], kind="stable").iloc[:count]
