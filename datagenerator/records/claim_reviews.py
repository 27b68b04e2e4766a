"""Reviews of paid claims: the audited few, and what the auditors found.

A random sample, and referrals that favour fraud without knowing of it for certain. Reviews miss some fraud
and rarely accuse the honest. All is drawn from the claim's number, whatever else is delivered.
"""

from collections.abc import Mapping
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Floats, Hashes, exponential, hashes, uniform
from datagenerator.money.fraud import SCHEMES
from datagenerator.money.fraud.network import network
from datagenerator.records.images import told, unfilled
from datagenerator.world import figures

SAMPLE, REFERRAL = "random_sample", "referral"
NOTHING, MISTAKE, SUSPECTED, CONFIRMED = (
    "no_finding", "overpayment_error", "suspected_fraud", "confirmed_fraud",
)  # fmt: skip
FEWEST_DAYS, MOST_DAYS = 14, 365
# Who reviews, by role: referrals go to investigators more often than to coders and nurses.
TEAMS = {"nurse_reviewer": 8, "certified_coder": 7, "physician_advisor": 3, "investigator": 6}
ROLE_SHARES = {SAMPLE: (0.40, 0.45, 0.10, 0.05), REFERRAL: (0.10, 0.20, 0.10, 0.60)}
ODD_UNITS, ODD_PRICE = 3, 1.6
# Parts of the paid amount that are taken back.
LEAST_OF_MISTAKE, MORE_OF_MISTAKE = 0.1, 0.6
LEAST_OF_FRAUD, MORE_OF_FRAUD = 0.6, 0.4
FINDINGS = ("reviewed_on", "finding", "scheme_found", "recovered_amount")


def claim_reviews(claims: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the images of the reviews of a block's claims: when selected, and again when closed.

    `claims` are all images of the claims; a review has landing columns, amounts in cents, and `_known`.
    """
    known = figures(arguments.world, "claim_reviews")
    rows = _selected(_reviewable(claims), known, arguments)
    base = hashes(rows["claim_id"])
    wait = exponential(base, arguments.seed, "selection", known["selection_delay_days"])
    selected = _day(rows["adjudicated_at"], 2 + wait)
    wait = exponential(base, arguments.seed, "review", known["review_days"] - FEWEST_DAYS)
    reviewed = _day(selected, np.clip(FEWEST_DAYS + wait, FEWEST_DAYS, MOST_DAYS))
    hours = np.floor(28_800 + 36_000 * uniform(base, arguments.seed, "hour of the review"))
    hour = pd.Series(pd.to_timedelta(hours, unit="s"), rows.index)
    rows = rows.assign(review_id="V" + rows["claim_id"].str[1:], selected_on=selected, reviewed_on=reviewed)
    rows = _found(_with_reviewer(rows, base, arguments.seed), base, known, arguments.seed)
    closed = rows.assign(updated_at=reviewed + hour)
    opened = unfilled(closed, FINDINGS).assign(updated_at=selected + hour)
    return told([opened, closed], "review_id", arguments, deliveries)


def _reviewable(claims: pd.DataFrame) -> pd.DataFrame:
    """Return the originals that were paid and stand: what was corrected has been looked at already."""
    stands = (claims["claim_version"] == "original") & (claims["_course"] == "none")
    return claims[stands & (claims["claim_status"] == "paid") & (claims["paid_amount"] > 0)]


def _selected(claims: pd.DataFrame, known: Mapping[str, Any], arguments: Arguments) -> pd.DataFrame:
    base = hashes(claims["claim_id"])
    odd = np.where(_is_odd(claims, arguments), known["odd_pull"], 1.0)
    chance = np.where(claims["_scheme"] != "", known["referred_of_fraud"], known["referred_of_honest"] * odd)
    referred = uniform(base, arguments.seed, "referral") < chance
    sampled = uniform(base, arguments.seed, "random sample") < known["sample_share"]
    rows = claims.assign(selected_by=np.where(referred, REFERRAL, SAMPLE))[referred | sampled]
    return rows.reset_index(drop=True)


def _is_odd(claims: pd.DataFrame, arguments: Arguments) -> npt.NDArray[np.bool_]:
    """Tell what a payer frowns at: units, no encounter, price, a provider of ill repute."""
    crooked = claims["provider_id"].isin(network(arguments).crooked)
    odd = (claims["units"] >= ODD_UNITS) | claims["encounter_id"].isna() | crooked
    odd |= claims["_dearer"] > ODD_PRICE
    found: npt.NDArray[np.bool_] = odd.to_numpy(dtype=bool)
    return found


def _day(since: pd.Series, days: Floats) -> pd.Series:
    return since.dt.normalize() + pd.Series(pd.to_timedelta(np.floor(days), unit="D"), since.index)


def _with_reviewer(rows: pd.DataFrame, base: Hashes, seed: int) -> pd.DataFrame:
    """Draw a role by the way of selection and one of its team, who has this role alone."""
    shares = np.array([ROLE_SHARES[way] for way in rows["selected_by"]]).reshape(len(rows), len(TEAMS))
    draw = uniform(base, seed, "role of the reviewer")[:, None]
    role = (draw > np.cumsum(shares, axis=1)[:, :-1]).sum(axis=1)
    size = np.array(list(TEAMS.values()))
    before = np.cumsum(size) - size
    number = 1 + before[role] + np.floor(size[role] * uniform(base, seed, "reviewer")).astype(int)
    names = np.array(list(TEAMS), dtype=object)[role]
    return rows.assign(reviewer_id=[f"RVW{n:03d}" for n in number], reviewer_role=names)


def _found(rows: pd.DataFrame, base: Hashes, known: Mapping[str, Any], seed: int) -> pd.DataFrame:
    """Add finding, scheme and what is taken back."""
    fraud, mistaken = (rows["_scheme"] != "").to_numpy(), (rows["_mistake"] != "").to_numpy()
    chance = uniform(base, seed, "finding")
    accused = chance < np.where(fraud, known["sensitivity"], known["false_accusations"])
    confirmed = uniform(base, seed, "confirmed") < known["confirmed_share"]
    seen = np.where(mistaken | fraud, known["mistake_found"], known["flawed_paperwork"])
    flawed = uniform(base, seed, "flaw") < seen
    finding = np.select(
        [accused & confirmed, accused, flawed], [CONFIRMED, SUSPECTED, MISTAKE], NOTHING
    ).astype(object)
    return rows.assign(
        finding=finding,
        scheme_found=_schemes(rows, base, known, seed).where(accused, None),
        recovered_amount=_recovered(rows["paid_amount"], finding, base, seed),
    )


def _schemes(rows: pd.DataFrame, base: Hashes, known: Mapping[str, Any], seed: int) -> pd.Series:
    """Return the scheme a reviewer would name: the true one or, by mistake, any."""
    guess = np.array(SCHEMES, dtype=object)[(uniform(base, seed, "guess") * len(SCHEMES)).astype(int)]
    right = uniform(base, seed, "scheme recognised") < known["scheme_recognised"]
    return rows["_scheme"].where(right & (rows["_scheme"] != ""), pd.Series(guess, rows.index))


def _recovered(paid: pd.Series, finding: npt.NDArray[np.object_], base: Hashes, seed: int) -> pd.Series:
    """Return what is taken back, in cents: nothing while it is a suspicion, never more than was paid."""
    draw = uniform(base, seed, "recovered")
    of_mistake, of_fraud = LEAST_OF_MISTAKE + MORE_OF_MISTAKE * draw, LEAST_OF_FRAUD + MORE_OF_FRAUD * draw
    part = np.select([finding == CONFIRMED, finding == MISTAKE], [of_fraud, of_mistake], 0.0)
    return pd.Series(np.floor(paid.astype(float) * part).astype(np.int64), paid.index).astype("Int64")
