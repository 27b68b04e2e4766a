from dataclasses import replace

import pandas as pd
import pytest

from datagenerator.blocks import blocks
from datagenerator.clinical import simulate
from datagenerator.money.claims import claims
from datagenerator.money.fraud import (
    DUPLICATE,
    IMPOSSIBLE_DAY,
    KICKBACK,
    PHANTOM,
    SCHEMES,
    UNBUNDLING,
    UPCODING,
)
from datagenerator.money.fraud.impossible_day import TIMED, busy_days, gap
from datagenerator.money.fraud.network import network
from datagenerator.money.fraud.planting import planned
from datagenerator.money.services import services
from datagenerator.world import figures

HALF_HOUR, HOUR = pd.Timedelta(minutes=30), pd.Timedelta(hours=1)


def of(claims, scheme):
    return claims[claims["_scheme"] == scheme]


def originals(claims):
    return claims[(claims["_scheme"] == "") & (claims["claim_version"] == "original")]


def test_the_initial_extract_has_exactly_the_fraud_asked_for(much_billed, initial):
    counts = planned(much_billed[0], blocks(much_billed[0])[0])
    assert sum(counts[scheme] for scheme in SCHEMES) == 1_000
    assert initial["_scheme"].value_counts().drop("").sum() == 1_000
    assert [counts[scheme] for scheme in SCHEMES] == [300, 180, 140, 140, 100, 140]


def test_a_scheme_with_too_few_claims_leaves_its_part_to_upcoding(initial):
    found = initial["_scheme"].value_counts()
    assert found[UPCODING] >= 300
    assert (found[list(SCHEMES)] > 40).all()


@pytest.mark.parametrize("count", [300, 1_500, 9_000])
def test_the_rate_holds_for_any_number_of_claims(billed, count):
    arguments = replace(billed[0], claims=count, fraud_rate=0.1)
    found = claims(billed[1], arguments, blocks(arguments)[0], 0)
    assert found["claim_id"].nunique() == count
    assert (found.drop_duplicates("claim_id")["_scheme"] != "").sum() == count // 10


def test_a_rate_of_nothing_leaves_all_honest(billed):
    arguments = replace(billed[0], fraud_rate=0.0)
    assert set(claims(billed[1], arguments, blocks(arguments)[0], 2)["_scheme"]) == {""}


def test_fraud_is_there_in_every_period_at_its_rate(much_billed):
    first = much_billed[2].drop_duplicates("claim_id")
    shares = (first["_scheme"] != "").groupby(first["_submitted"]).mean()
    assert (shares.between(0.03, 0.06)).all()


def test_what_later_months_bring_changes_nothing_before(billed):
    arguments = billed[0]
    block = blocks(arguments)[0]
    short, long = (claims(simulate(arguments, block, n), arguments, block, n) for n in (0, 4))
    # What is latent may look ahead: the month of a correction, a death to come.
    columns = [name for name in short if name not in ("_correction", "_death")]
    same = long[long["_known"] == 0]
    pd.testing.assert_frame_equal(short[columns].reset_index(drop=True), same[columns].reset_index(drop=True))


def test_a_few_providers_commit_most_of_it_beside_honest_work(much_billed, initial):
    ring = network(much_billed[0])
    doers = {*ring.crooked, *ring.rings["referrer"]}
    mine = initial["provider_id"].isin(doers) | initial["referring_provider_id"].isin(doers)
    assert len(ring.crooked) == 7
    assert mine[initial["_scheme"] != ""].mean() > 0.6
    assert mine[initial["_scheme"] == ""].mean() < 0.25
    assert (initial.loc[initial["provider_id"].isin(doers), "_scheme"] == "").mean() > 0.4


def test_upcoded_claims_are_dear(initial):
    groups = ["_type", "claim_form", "_rank"]
    usual = originals(initial).groupby(groups)["billed_amount"].median().rename("_usual")
    dearer = of(initial, UPCODING).join(usual, on=groups)
    assert (dearer["billed_amount"] / dearer["_usual"]).median() > 1.2


def test_a_duplicate_bills_a_paid_service_again_a_little_changed(initial):
    copies, honest = of(initial, DUPLICATE), originals(initial)
    pairs = copies.merge(
        honest, on=["patient_id", "facility_id", "_encounter", "_rank", "procedure_code"], suffixes=("", "_1")
    )
    pairs = pairs.sort_values("submitted_at_1").drop_duplicates("claim_id")
    assert len(pairs) > 0.9 * len(copies)
    assert (pairs["claim_id"] != pairs["claim_id_1"]).all()
    assert (pairs["submitted_at"] > pairs["submitted_at_1"]).all()
    moved = (pairs["service_from"] - pairs["service_from_1"]).dt.days
    assert moved.between(0, 2).all()
    assert (moved > 0).mean() > 0.2
    ratio = (pairs["billed_amount"] / pairs["billed_amount_1"]).astype(float)
    assert ratio.between(0.89, 1.06).all()
    assert 0.2 < (ratio != 1).mean() < 0.8
    assert (pairs["provider_id"] != pairs["provider_id_1"]).mean() > 0.1


def test_the_honest_bill_again_too(initial):
    again = initial["_added"].value_counts()
    assert again["rebilled"] == 200
    assert again["double_billed"] == 100
    noticed = initial[(initial["_added"] == "double_billed") & (initial["claim_status"] == "denied")]
    assert set(noticed["denial_code"]) == {"18"}
    assert len(noticed) > 50


def test_phantoms_name_an_old_encounter_or_none_as_the_honest_do_at_times(initial):
    phantoms = of(initial, PHANTOM)
    named = phantoms[phantoms["encounter_id"].notna()]
    assert 0.3 < len(named) / len(phantoms) < 0.7
    assert (named["service_from"] > named["discharged_at"].dt.normalize()).all()
    assert originals(initial)["encounter_id"].isna().sum() > 2 * (len(phantoms) - len(named))


def test_some_phantoms_were_in_hospital_elsewhere(much_billed, initial):
    encounters = much_billed[1].encounters
    stays = encounters[encounters["encounter_type"] == "inpatient"].dropna(subset=["discharged_at"])
    pairs = of(initial, PHANTOM).merge(stays, on="patient_id", suffixes=("", "_stay"))
    inside = (pairs["service_from"] > pairs["admitted_at_stay"]) & (
        pairs["service_from"] < pairs["discharged_at_stay"]
    )
    away = pairs[inside & (pairs["facility_id"] != pairs["facility_id_stay"])]
    assert away["claim_id"].nunique() > 10


def test_unbundled_parts_stand_beside_each_other_on_one_day(initial):
    parts = of(initial, UNBUNDLING).groupby(["patient_id", "_encounter", "service_from", "provider_id"])
    assert (parts.size() > 1).mean() > 0.9
    assert of(initial, UNBUNDLING)["procedure_code"].isin(services().index).mean() > 0.5


def test_an_impossible_day_has_more_hours_than_a_day(much_billed, initial):
    rows = of(initial, IMPOSSIBLE_DAY)
    hours = rows["units"].astype(int) * HALF_HOUR
    hours = hours.where(rows["procedure_code"] == TIMED, HOUR)
    days = hours.groupby([rows["provider_id"], rows["service_from"]]).sum()
    assert days.max() > pd.Timedelta(hours=24)
    assert len(days) <= len(busy_days(much_billed[0], 0))
    assert not rows.duplicated(["patient_id", "provider_id", "service_from"]).any()


def test_the_shares_of_schemes_count_relative_to_each_other(much_billed, tmp_path):
    usual, world = much_billed[0], tmp_path / "world.toml"
    known = figures(usual.world, "fraud")
    doubled = "".join(f"{scheme} = {2 * known[scheme]}\n" for scheme in SCHEMES)
    world.write_text(f"[fraud]\n{doubled}")
    other = replace(usual, world=str(world))
    assert planned(other, blocks(other)[0]) == planned(usual, blocks(usual)[0])
    assert gap(other) == gap(usual)
    assert busy_days(other, 3).equals(busy_days(usual, 3))


def test_kickbacks_lead_from_a_ring_to_its_supplier(much_billed, initial):
    rings = network(much_billed[0]).rings.set_index("referrer")["facility_id"]
    rows = of(initial, KICKBACK)
    named = rows.dropna(subset=["referring_provider_id"])
    assert (named["referring_provider_id"].map(rings) == named["facility_id"]).all()
    assert 0.7 < len(named) / len(rows) < 1
    honest = originals(initial)
    assert honest["facility_id"].isin(rings).sum() > 2 * len(rows), "the supplier has honest business"
    assert (honest["referring_provider_id"].isin(rings.index)).sum() > 20
    assert rows["_frailty"].mean() < honest["_frailty"].mean() - 0.3, "the patients are healthy"


def test_no_one_bills_for_the_dead_or_before_submission(initial):
    assert not (initial["service_to"] > initial["_death"]).any()
    assert (initial["submitted_at"] > initial["service_to"]).all()
