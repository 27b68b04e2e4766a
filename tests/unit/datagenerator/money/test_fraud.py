from dataclasses import replace

import pytest

from datagenerator.blocks import blocks
from datagenerator.money.fraud import DUPLICATE, PHANTOM, UPCODING, planned


@pytest.fixture(scope="module")
def initial(billed):
    images = billed[2]
    return images[images["_known"] == 0].drop_duplicates("claim_id", keep="last")


def test_each_scheme_has_its_share_of_the_rate(billed, initial):
    counts = planned(billed[0], blocks(billed[0])[0])
    assert sum(counts.values()) == 120
    assert initial["_scheme"].value_counts()[[UPCODING, DUPLICATE, PHANTOM]].tolist() == [60, 36, 24]
    assert counts == {UPCODING: 60, DUPLICATE: 36, PHANTOM: 24}


def test_a_duplicate_bills_a_service_again_under_another_number(initial):
    copies = initial[initial["_scheme"] == DUPLICATE]
    keys = ["encounter_id", "service_from", "procedure_code", "provider_id", "billed_amount"]
    honest = initial[(initial["_scheme"] == "") & (initial["claim_version"] == "original")]
    pairs = copies.merge(honest, on=keys, suffixes=("", "_first"))
    assert set(pairs["claim_id"]) == set(copies["claim_id"])
    assert (pairs["claim_id"] != pairs["claim_id_first"]).all()
    assert (pairs["submitted_at"] > pairs["submitted_at_first"]).all()


def test_a_phantom_has_no_encounter_and_everything_else_has_one(initial):
    assert initial.loc[initial["_scheme"] == PHANTOM, "encounter_id"].isna().all()
    assert initial.loc[initial["_scheme"] != PHANTOM, "encounter_id"].notna().all()


def test_upcoded_claims_are_dear_and_few_providers_do_it(initial):
    plain = initial[(initial["_scheme"] == "") & (initial["claim_version"] == "original")]
    upcoded = initial[initial["_scheme"] == UPCODING]
    usual = plain.groupby(["_type", "claim_form", "_rank"])["billed_amount"].median().rename("_usual")
    dearer = upcoded.join(usual, on=["_type", "claim_form", "_rank"])
    assert (dearer["billed_amount"] / dearer["_usual"]).median() > 1.5
    fraudulent = initial[initial["_scheme"] != ""]["provider_id"].value_counts(normalize=True)
    assert fraudulent.head(8).sum() > 2 * plain["provider_id"].value_counts(normalize=True).head(8).sum()


def test_a_rate_of_nothing_leaves_all_honest(billed):
    assert sum(planned(replace(billed[0], fraud_rate=0.0), blocks(billed[0])[0]).values()) == 0
