from dataclasses import replace

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.clinical import simulate
from datagenerator.extract.layout import LAYOUTS
from datagenerator.money.claims import claims
from datagenerator.periods import period
from datagenerator.records.claim_reviews import FEWEST_DAYS, MOST_DAYS, TEAMS, claim_reviews

ARGUMENTS = Arguments(
    patients=1_000,
    encounters=5_000,
    claims=10_000,
    providers=60,
    facilities=12,
    seed=8,
    fraud_rate=0.05,
)
FRAUD = ("suspected_fraud", "confirmed_fraud")


@pytest.fixture(scope="module")
def known():
    """All images of the claims of one block, with two deliveries."""
    block = blocks(ARGUMENTS)[0]
    return claims(simulate(ARGUMENTS, block, 2), ARGUMENTS, block, 2)


@pytest.fixture(scope="module")
def images(known):
    return claim_reviews(known, ARGUMENTS, 2)


@pytest.fixture(scope="module")
def closed(known):
    """Closed reviews of some ten times as many claims: every paid claim that stands, as it were sampled."""
    with pytest.MonkeyPatch.context() as patch:
        figures = {
            "sample_share": 0.5, "referred_of_fraud": 0.2, "referred_of_honest": 0.004, "odd_pull": 4.0,
            "selection_delay_days": 25.0, "review_days": 65.0, "sensitivity": 0.85,
            "false_accusations": 0.01, "scheme_recognised": 0.85, "confirmed_share": 0.7,
            "mistake_found": 0.8, "flawed_paperwork": 0.06,
        }  # fmt: skip
        patch.setattr("datagenerator.records.claim_reviews.figures", lambda world, table: figures)
        found = claim_reviews(known, ARGUMENTS, 2)
    return found[found["reviewed_on"].notna()]


def test_about_two_claims_in_a_hundred_are_reviewed_half_of_them_by_chance(images):
    first = images.drop_duplicates("review_id")
    assert 180 < len(first) < 320
    assert 0.3 < (first["selected_by"] == "random_sample").mean() < 0.65
    assert first["claim_id"].is_unique


def test_referrals_favour_fraud_and_hit_the_honest_too(images):
    first = images.drop_duplicates("review_id")
    share = (first["_scheme"] != "").groupby(first["selected_by"]).mean()
    assert share["random_sample"] < 0.15
    assert 0.4 < share["referral"] < 0.9


def test_a_review_is_of_a_paid_claim_that_stands_and_comes_after_the_decision(images):
    assert (images["_course"] == "none").all()
    assert (images["paid_amount"] > 0).all()
    assert (images["selected_on"] > images["adjudicated_at"]).all()


def test_an_open_review_says_nothing_yet(images):
    is_open = images["reviewed_on"].isna()
    assert is_open.sum() > 5
    for name in ("finding", "scheme_found", "recovered_amount"):
        assert images.loc[is_open, name].isna().all()
    assert images.loc[~is_open, "finding"].notna().all()
    assert images.loc[~is_open, "recovered_amount"].notna().all()


def test_a_review_takes_weeks_to_months(closed):
    days = (closed["reviewed_on"] - closed["selected_on"]).dt.days
    assert days.between(FEWEST_DAYS, MOST_DAYS).all()
    assert 45 < days.mean() < 75


def test_an_image_is_written_within_the_period_that_brings_it(images):
    ends = [pd.Timestamp(period(ARGUMENTS, number).data_through) for number in range(3)]
    last = images["_known"].map(dict(enumerate(ends)))
    assert (images["updated_at"] <= last).all()
    assert (images["updated_at"].dt.normalize() >= images["selected_on"]).all()
    counts = images["review_id"].value_counts()
    assert set(counts) == {1, 2}
    ordered = images.sort_values(["review_id", "_known"])
    assert (ordered.groupby("review_id")["updated_at"].diff().dropna() > pd.Timedelta(0)).all()


def test_most_fraud_is_recognised_and_the_honest_are_rarely_accused(closed):
    accused = closed["finding"].isin(FRAUD)
    is_fraud = closed["_scheme"] != ""
    assert 0.78 < accused[is_fraud].mean() < 0.92
    assert 0.002 < accused[~is_fraud].mean() < 0.025
    assert 0.6 < (closed.loc[accused, "finding"] == "confirmed_fraud").mean() < 0.8


def test_a_scheme_is_named_for_fraud_alone_and_mostly_the_true_one(closed):
    accused = closed["finding"].isin(FRAUD)
    assert (closed["scheme_found"].notna() == accused).all()
    found = closed[accused & (closed["_scheme"] != "")]
    assert 0.78 < (found["scheme_found"] == found["_scheme"]).mean() < 0.95


def test_honest_mistakes_are_found_to_be_mistakes(closed):
    honest = closed[closed["_scheme"] == ""]
    flawed = honest["finding"] == "overpayment_error"
    mistaken = honest["_mistake"] != ""
    assert mistaken.sum() > 10
    assert flawed[mistaken].mean() > 0.55
    assert 0.03 < flawed[~mistaken].mean() < 0.09


def test_no_more_is_taken_back_than_was_paid(closed):
    back, paid = closed["recovered_amount"], closed["paid_amount"]
    assert ((back >= 0) & (back <= paid)).all()
    nothing = closed["finding"].isin(["no_finding", "suspected_fraud"])
    assert (back[nothing] == 0).all()
    assert (
        back[closed["finding"] == "confirmed_fraud"]
        >= (0.59 * paid[closed["finding"] == "confirmed_fraud"]).astype(int)
    ).all()


def test_a_reviewer_has_one_role_and_investigators_get_the_referrals(closed):
    teams = closed.groupby("reviewer_role")["reviewer_id"].agg(set)
    assert {role: len(team) for role, team in teams.items()} == TEAMS
    assert len(set.union(*teams)) == sum(TEAMS.values())
    roles = closed.groupby("selected_by")["reviewer_role"].value_counts(normalize=True)
    assert 0.5 < roles["referral", "investigator"] < 0.7
    assert roles["random_sample", "investigator"] < 0.1


def test_later_deliveries_leave_earlier_reviews_as_they_were(images):
    block = blocks(ARGUMENTS)[0]
    earlier = claims(simulate(ARGUMENTS, block, 0), ARGUMENTS, block, 0)
    columns = [*LAYOUTS["claim_reviews"].columns, "_known"]
    found = claim_reviews(earlier, ARGUMENTS, 0)[columns]
    same = images.loc[images["_known"] == 0, columns].reset_index(drop=True)
    pd.testing.assert_frame_equal(found, same)


def test_without_fraud_there_are_still_reviews_and_some_are_wrong(known):
    honest = known[known["_scheme"] == ""]
    found = claim_reviews(honest, replace(ARGUMENTS, fraud_rate=0.0), 2)
    assert found["finding"].isin(FRAUD).mean() < 0.05
    assert len(found) > 100
