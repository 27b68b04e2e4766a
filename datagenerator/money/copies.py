"""New claims made from others: what they keep of them, and what is their own.

A candidate of a pool names the claim it stems from (`_base`), how tempting it is (`_temptation`, smallest
first; candidates of one temptation belong together, in the order of `_part`) and the period in which it is
submitted. It never comes before the claim it stems from, so that later deliveries leave earlier ones alone.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Floats, uniform
from datagenerator.money.candidates import decided, submitted
from datagenerator.periods import known_in

TIMES = ("submitted_at", "_decided", "_corrected")
EXACT_DUPLICATE = "18"
"""Claim adjustment reason code of a claim that the payer has already."""

Pool = Callable[[pd.DataFrame, Arguments, int], pd.DataFrame]


def is_plain(claims: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which claims are professional, paid at first pass, never corrected and without mistake."""
    paid = (claims["_course"] == "none") & ~claims["_denied"]
    return paid & (claims["claim_form"] == "professional") & (claims["_mistake"] == "")


def copied(claims: pd.DataFrame, number: int, temptation: Floats, scheme: str = "") -> pd.DataFrame:
    """Return a candidate per claim, numbered from `number` on within its encounter, priced like its base."""
    return claims.assign(
        _base=claims.index,
        _number=claims["_rank"] + number,
        _since=claims["_submitted"],
        _scheme=scheme,
        _temptation=temptation,
        _part=0,
    )


def renewed(candidates: pd.DataFrame) -> pd.DataFrame:
    """Return candidates with random numbers of their own: another price, other days, another decision."""
    salt = candidates["_number"].to_numpy(np.uint64) << np.uint64(48)
    return candidates.assign(_hash=candidates["_hash"].to_numpy(np.uint64) ^ salt)


def billed_anew(candidates: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return candidates submitted and decided on by their own days of service and random numbers."""
    return decided(submitted(candidates, seed), seed)


def sent_again(candidates: pd.DataFrame, days: Floats) -> pd.DataFrame:
    """Return candidates that follow their base by some days."""
    delay = pd.Series(pd.to_timedelta(np.floor(days), unit="D"), candidates.index)
    return candidates.assign(**{name: candidates[name] + delay for name in TIMES})


def noticed(candidates: pd.DataFrame, share: float, seed: int, purpose: str) -> pd.DataFrame:
    """Let the payer refuse a share of candidates as copies of a claim it has."""
    chance = uniform(candidates["_hash"].to_numpy(), seed, purpose + " noticed")
    denied = candidates["_denied"] | (chance < share)
    reason = pd.Series(EXACT_DUPLICATE, candidates.index, dtype=object).where(denied, None)
    return candidates.assign(_denied=denied, denial_code=reason)


def in_time(candidates: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the candidates with the period they are submitted in, less those before what they stem from."""
    period = known_in(candidates["submitted_at"], arguments, deliveries)
    return candidates.assign(_submitted=period)[period >= candidates["_since"].to_numpy()]


def lost_encounter(candidates: pd.DataFrame, share: float, seed: int, purpose: str) -> pd.Series:
    """Return the encounter that candidates name; a share of them names none."""
    chance = uniform(candidates["_hash"].to_numpy(), seed, purpose + " names no encounter")
    return candidates["encounter_id"].mask(chance < share, None)
