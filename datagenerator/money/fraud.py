"""Fraud that a few providers commit: upcoding, billing twice, and billing what never happened."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block, quota
from datagenerator.draws import Floats, hashes, uniform
from datagenerator.money.prices import INPATIENT
from datagenerator.periods import known_in

UPCODING = "upcoding"
DUPLICATE = "duplicate_billing"
PHANTOM = "phantom_service"
SHARES = {UPCODING: 0.5, DUPLICATE: 0.3, PHANTOM: 0.2}
CROOKED_SHARE = 0.06
CROOKED_PULL = 40.0
# Numbers within an encounter, beyond those of its own claims.
NUMBERS_FROM = {DUPLICATE: 100, PHANTOM: 200}
ADDED = (DUPLICATE, PHANTOM)


def planned(arguments: Arguments, block: Block) -> dict[str, int]:
    """Return how many claims of the block's initial extract each scheme accounts for."""
    wanted = round(arguments.fraud_rate * arguments.claims)
    total = quota(wanted, arguments, block)
    counts = {scheme: int(total * SHARES[scheme]) for scheme in ADDED}
    return {UPCODING: total - sum(counts.values()), **counts}


def with_fraud(
    originals: pd.DataFrame, initial: dict[str, int], arguments: Arguments, deliveries: int
) -> pd.DataFrame:
    """Return the originals with `_scheme` filled, some upcoded, and the claims that fraud adds.

    `initial` says how many of each scheme the initial extract gets, as far as there are claims to copy. Fraud
    goes by the period of submission, so that a later month leaves those before as they were.
    """
    rows = originals.assign(_scheme="", _upcoding=1.0, _number=originals["_rank"])
    pools = {scheme: _copies(rows, scheme, arguments, deliveries) for scheme in ADDED}
    added = []
    for number in range(deliveries + 1):
        honest = rows[rows["_submitted"] == number]
        counts = initial if number == 0 else _monthly(len(honest), arguments.fraud_rate)
        _upcode(rows, honest, counts[UPCODING], arguments.seed)
        for scheme in ADDED:
            pool = pools[scheme]
            ready = pool[(pool["_submitted"] == number) & ~_is_upcoded(rows, pool)]
            added.append(_worst(ready, counts[scheme], arguments.seed, scheme))
    return pd.concat([rows, *(some for some in added if len(some))], ignore_index=True)


def _monthly(claims: int, rate: float) -> dict[str, int]:
    return {scheme: round(claims * rate * share) for scheme, share in SHARES.items()}


def _is_upcoded(rows: pd.DataFrame, pool: pd.DataFrame) -> pd.Series:
    return (rows.loc[pool.index, "_scheme"] == UPCODING).set_axis(pool.index)


def _suspicion(rows: pd.DataFrame, seed: int, scheme: str) -> Floats:
    """Return an order of temptation, smallest first; crooked providers' claims come long before others."""
    providers = hashes(rows["provider_id"].fillna(""))
    crooked = uniform(providers, seed, "crooked provider") < CROOKED_SHARE
    return uniform(rows["_hash"].to_numpy(), seed, scheme) / np.where(crooked, CROOKED_PULL, 1.0)


def _worst(rows: pd.DataFrame, count: int, seed: int, scheme: str) -> pd.DataFrame:
    order = np.argsort(_suspicion(rows, seed, scheme), kind="stable")[:count]
    return rows.iloc[np.sort(order)]


def _upcode(rows: pd.DataFrame, honest: pd.DataFrame, count: int, seed: int) -> None:
    """Mark `count` honest claims as upcoded, in place: dearer by half or more, and more units.

    Whole stays are paid by their group, which takes more than a provider's own coding to raise.
    """
    of_stay = (honest["_type"] == INPATIENT) & (honest["claim_form"] == "institutional")
    plain = honest[(honest["_course"] == "none") & ~of_stay]
    hit = _worst(plain, count, seed, UPCODING).index
    base = rows.loc[hit, "_hash"].to_numpy()
    rows.loc[hit, "_scheme"] = UPCODING
    rows.loc[hit, "_upcoding"] = 1.5 + 1.5 * uniform(base, seed, "upcoding factor")
    more = 1 + np.floor(3 * uniform(base, seed, "upcoding units")).astype(int)
    rows.loc[hit, "units"] = rows.loc[hit, "units"] + more


def _copies(rows: pd.DataFrame, scheme: str, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return what each paid professional claim would become under a scheme, dated a few days later.

    A duplicate keeps the service and its price; a phantom has a later service that no encounter backs.
    """
    plain = (rows["_course"] == "none") & ~rows["_denied"]
    copies = rows[plain & (rows["claim_form"] == "professional")].copy()
    base = copies["_hash"].to_numpy()
    delay = np.floor(3 + 30 * uniform(base, arguments.seed, scheme + " delay"))
    shift = pd.to_timedelta(delay, unit="D").to_series(index=copies.index)
    moved = ["submitted_at", "_decided", "_corrected"]
    if scheme == PHANTOM:
        moved += ["service_from", "service_to"]
        copies["encounter_id"], copies["_hash"] = None, base ^ np.uint64(1)
    for column in moved:
        copies[column] = copies[column] + shift
    copies["_submitted"] = known_in(copies["submitted_at"], arguments, deliveries)
    copies["_number"], copies["_scheme"] = copies["_number"] + NUMBERS_FROM[scheme], scheme
    return copies
