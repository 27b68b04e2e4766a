from dataclasses import replace

import pandas as pd
import pytest

from datagenerator.blocks import blocks
from datagenerator.money.claims import AMOUNTS, claims


@pytest.fixture(scope="module")
def images(billed):
    return billed[2]


@pytest.fixture(scope="module")
def final(images):
    return images.drop_duplicates("claim_id", keep="last")


def test_the_initial_extract_has_exactly_the_claims_asked_for(billed, images):
    assert images.loc[images["_known"] == 0, "claim_id"].nunique() == billed[0].claims


@pytest.mark.parametrize("count", [500, 1_999, 9_000])
def test_any_number_of_claims_can_be_had(billed, count):
    arguments = replace(billed[0], claims=count)
    found = claims(billed[1], arguments, blocks(arguments)[0], 0)
    assert found["claim_id"].nunique() == count


def test_later_deliveries_leave_what_was_known_as_it_was(billed, images):
    arguments, care, _ = billed
    earlier = claims(care, arguments, blocks(arguments)[0], 1)
    same = images[images["_known"] <= 1]
    pd.testing.assert_frame_equal(
        earlier[same.columns.drop("_correction")].reset_index(drop=True),
        same.drop(columns="_correction").reset_index(drop=True),
    )


def test_amounts_add_up_to_the_cent(final):
    decided = final[final["claim_status"] != "pending"]
    assert (decided["paid_amount"] + decided["patient_amount"] == decided["allowed_amount"]).all()
    plain = decided[decided["claim_version"] != "reversal"]
    assert (plain[AMOUNTS] >= 0).all(axis=None)
    assert (plain["allowed_amount"] <= plain["billed_amount"]).all()
    denied = decided[(decided["claim_status"] == "denied")]
    assert (denied["allowed_amount"] == 0).all()
    assert denied["denial_code"].notna().all()


def test_a_reversal_takes_back_exactly_its_original(final):
    reversals = final[final["claim_version"] == "reversal"].set_index("original_claim_id")
    originals = final.set_index("claim_id").loc[reversals.index]
    assert len(reversals) > 20
    assert (reversals[AMOUNTS] + originals[AMOUNTS] == 0).all(axis=None)
    adjusted = set(final.loc[final["claim_version"] == "adjustment", "original_claim_id"])
    assert adjusted < set(reversals.index), "each adjustment has its reversal; a void has none"


def test_a_claim_goes_its_way_in_time(images):
    assert (images["service_from"] <= images["service_to"]).all()
    assert (images["submitted_at"].dt.normalize() >= images["service_from"]).all()
    assert (
        images["adjudicated_at"].dropna() >= images.loc[images["adjudicated_at"].notna(), "submitted_at"]
    ).all()
    ends = pd.to_datetime(["2024-12-31", "2025-01-31", "2025-02-28"]) + pd.Timedelta("23:59:59")
    assert (images["updated_at"].to_numpy() <= ends.to_numpy()[images["_known"]]).all()


def test_pending_claims_are_decided_in_a_later_delivery(images):
    pending = images[(images["claim_status"] == "pending") & (images["_known"] == 0)]
    assert len(pending) > 10
    assert pending[AMOUNTS[1:]].isna().all(axis=None)
    later = images[images["claim_id"].isin(pending["claim_id"]) & (images["_known"] > 0)]
    assert (later["updated_at"].to_numpy() > later["submitted_at"].to_numpy()).all()
    assert later["claim_id"].nunique() > 0.9 * len(pending)


def test_claims_refer_to_encounters_of_their_patient_that_are_known_by_then(billed, images):
    encounters = billed[1].encounters.drop_duplicates("encounter_id").set_index("encounter_id")
    backed = images[images["encounter_id"].notna()]
    found = encounters.loc[backed["encounter_id"]]
    assert (found["patient_id"].to_numpy() == backed["patient_id"].to_numpy()).all()
    assert (found["_known"].to_numpy() <= backed["_known"].to_numpy()).all()


def test_claim_numbers_are_unique_and_carry_the_patient(images):
    versions = images.drop_duplicates(["claim_id", "claim_version", "original_claim_id"])
    assert versions["claim_id"].is_unique
    assert (images["claim_id"].str[1:9] == images["patient_id"].str[1:]).all()
    assert images["claim_id"].str.len().eq(17).all()
