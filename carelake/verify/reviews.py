"""Reviews of claims against the claims they are about, and both against the truth's list of claims."""

from collections.abc import Iterator

import polars as pl

from carelake.contract import Contract
from carelake.verify.check import Check, compared, listed, not_checked, sentences
from carelake.verify.delivered import value
from carelake.verify.reconcile import cents_of
from carelake.verify.tables import LakeTables
from carelake.verify.truth import Truth

REVIEWS, CLAIMS = "silver/claim_reviews", "silver/claims"
CLAIM = ["patient_id", "claim_id"]
TRUE_CLAIMS, TRUE_REVIEWS = "claims/truth", "reviews/truth"


def checks(tables: LakeTables, claims: Contract, truth: Truth | None, unknown: str) -> Iterator[Check]:
    """Hold reviews against claims; `unknown` says why there is no `truth` to hold the claims against."""
    if not all(tables.exists(table) for table in (REVIEWS, CLAIMS)):
        return
    pairs = _pairs(tables)
    yield _of_a_claim(pairs)
    yield _in_order(pairs)
    yield _recovered(pairs)
    if truth is None:
        yield from (not_checked(name, unknown) for name in (TRUE_CLAIMS, TRUE_REVIEWS))
        return
    known = truth.claims().select("claim_id")
    yield _delivered(tables, claims, known)
    yield _known(tables, known)


def _pairs(tables: LakeTables) -> pl.DataFrame:
    """Return every review with the claim of its patient that it names, amounts in cents."""
    claims = tables.scan(CLAIMS).select(
        *CLAIM, pl.col("submitted_at").dt.date().alias("submitted_on"), cents_of("paid_amount").alias("paid")
    )
    reviews = tables.scan(REVIEWS).select(
        *CLAIM, "review_id", "selected_on", "reviewed_on", cents_of("recovered_amount").alias("recovered")
    )
    there = claims.with_columns(pl.lit(True).alias("is_there"))
    return reviews.join(there, on=CLAIM, how="left").collect()


def _of_a_claim(pairs: pl.DataFrame) -> Check:
    lost = pairs.filter(pl.col("is_there").is_null())
    detail = f"their patient has no such claim: {_named(lost)}" if lost.height else ""
    return compared("reviews/claims", pairs.height, lost.height, 0, detail=detail)


def _in_order(pairs: pl.DataFrame) -> Check:
    """Check that a claim was submitted, then selected, then reviewed."""
    early = pairs.filter(pl.col("selected_on") < pl.col("submitted_on"))
    closed = pairs.filter(pl.col("reviewed_on") < pl.col("selected_on"))
    detail = sentences(
        f"selected before the claim was submitted: {_named(early)}" if early.height else "",
        f"reviewed before they were selected: {_named(closed)}" if closed.height else "",
    )
    off = pl.concat([early, closed])["review_id"].n_unique()
    return compared("reviews/order", pairs.height, off, 0, detail=detail)


def _recovered(pairs: pl.DataFrame) -> Check:
    """Check that no more was taken back than paid, where the claim's decision is there.

    Its row may be in quarantine or on its way, while silver still holds the claim as pending.
    """
    decided = pairs.filter(pl.col("paid").is_not_null() & pl.col("recovered").is_not_null())
    above = decided.filter(pl.col("recovered") > pl.col("paid"))
    waiting = pairs.filter(pl.col("paid").is_null() & (pl.col("recovered") > 0)).height
    detail = sentences(
        f"more taken back than paid: {_named(above)}" if above.height else "",
        f"{waiting} of claims whose decision is not there" if waiting else "",
    )
    extra = int((above["recovered"] - above["paid"]).sum())
    total = int(decided["recovered"].sum())
    return compared("reviews/recovered", total, 0, extra, unit="cents", detail=detail)


def _delivered(tables: LakeTables, contract: Contract, known: pl.DataFrame) -> Check:
    """Check that the truth knows every claim number delivered, sound or not, and no other."""
    number = value(contract.column("claim_id"))
    found = tables.scan("bronze/claims").select(number).drop_nulls().unique().collect()
    missing, extra = (
        one.join(other, on="claim_id", how="anti") for one, other in ((known, found), (found, known))
    )
    detail = sentences(
        f"{missing.height} claims of the truth were not delivered" if missing.height else "",
        f"{extra.height} delivered that the truth does not know" if extra.height else "",
    )
    return compared(TRUE_CLAIMS, known.height, missing.height, extra.height, unit="claims", detail=detail)


def _known(tables: LakeTables, known: pl.DataFrame) -> Check:
    """Check that no review is about a claim that the truth does not know."""
    reviews = tables.read(REVIEWS, "review_id", "claim_id")
    strange = reviews.join(known, on="claim_id", how="anti")
    detail = f"about claims that the truth does not know: {_named(strange)}" if strange.height else ""
    return compared(TRUE_REVIEWS, reviews.height, 0, strange.height, detail=detail)


def _named(reviews: pl.DataFrame) -> str:
    return listed(sorted(reviews["review_id"]))
