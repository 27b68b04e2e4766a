"""Adverse events: within their stay, as often as published, more often among the old and the frail."""

import numpy as np
import pandas as pd
import pytest

from datagenerator.catalogue import table
from datagenerator.records.adverse_events import HARMS, adverse_events, risk
from datagenerator.world import figures
from tests.unit.datagenerator.records.conftest import ENDS, SMALL


@pytest.fixture(scope="module")
def images(small):
    return adverse_events(small, SMALL, 2)


@pytest.fixture(scope="module")
def many(asked):
    arguments, care = asked
    rows = adverse_events(care, arguments, 0).drop_duplicates("adverse_event_id", keep="last")
    known = care.encounters.sort_values("_known").drop_duplicates("encounter_id", keep="last")
    context = known[["encounter_id", "patient_id", "facility_id", "unit", "admitted_at", "discharged_at"]]
    return rows.merge(context, on="encounter_id", how="left", suffixes=("", "_encounter"))


def test_the_catalogue_s_shares_add_up():
    kinds = table("adverse_events")
    assert kinds[list(HARMS)].sum(axis=1).to_numpy() == pytest.approx(1)
    assert set(kinds["event_type"]) == set(figures("default", "adverse_events"))


def test_an_event_happens_in_the_encounter_it_names(many):
    assert len(many) > 500
    assert (many["occurred_at"] >= many["admitted_at"]).all()
    assert not (many["occurred_at"] > many["discharged_at"]).any()
    for name in ("patient_id", "facility_id", "unit"):
        assert (many[name] == many[f"{name}_encounter"]).all()


def test_an_event_is_reported_soon_after(many):
    hours = (many["reported_at"] - many["occurred_at"]).dt.total_seconds() / 3600
    assert hours.between(0, 240).all()
    assert 3 < hours.median() < 12


def test_rates_per_patient_day_are_those_asked_for(asked, many):
    arguments, care = asked
    stays = care.stays[care.stays["discharged_at"] <= ENDS[0]]
    days = (stays["discharged_at"].dt.normalize() - stays["admitted_at"].dt.normalize()).dt.days.clip(lower=1)
    usual = figures(arguments.world, "adverse_events")
    for kind in ("fall", "fall_with_injury", "medication_error", "pressure_injury_stage_2"):
        count = (many["event_type"] == kind).sum()
        # At most one event of a kind a stay, so that ten times the usual rate leaves less than tenfold.
        assert 0.65 < count / days.sum() * 1_000 / usual[kind] < 1.15, kind


def test_the_usual_risk_is_one_on_average(asked):
    care = asked[1]
    nights = care.stays["discharged_at"].dt.normalize() - care.stays["admitted_at"].dt.normalize()
    stays = care.stays.assign(
        _age=(care.stays["admitted_at"] - care.stays["birth_date"]).dt.days / 365.25,
        _frailty=care.stays["patient_id"].map(care.people.set_index("patient_id")["frailty"]),
    )
    days = nights.dt.days.clip(lower=1)
    for kind in ("fall", "medication_error", "venous_thromboembolism", "pressure_injury_stage_2"):
        assert np.average(risk(stays, kind), weights=days) == pytest.approx(1, abs=0.25)


def test_risk_rises_with_age_and_frailty():
    usual = {"unit": "medical", "severity": 0.0}
    rows = pd.DataFrame(
        [{**usual, "_age": age, "_frailty": frail} for age, frail in [(60, 0), (85, 0), (60, 2)]]
    )
    young, old, frail = risk(rows, "fall_with_injury")
    assert old > 1.5 * young
    assert frail > 1.4 * young


def test_pressure_injuries_come_late_in_a_stay(many):
    length = many["discharged_at"] - many["admitted_at"]
    share = (many["occurred_at"] - many["admitted_at"]) / length
    by_kind = share[length.notna()].groupby(many["event_type"]).mean()
    assert by_kind["pressure_injury_stage_2"] > by_kind["medication_error"] + 0.05


def test_harm_fits_the_kind(many):
    harm = many.groupby("event_type")["severity"].agg(set)
    assert harm["fall"] == {"none"}
    assert "none" not in harm["fall_with_injury"]
    errors = many[many["event_type"] == "medication_error"]
    assert (errors["severity"] == "none").mean() == pytest.approx(0.76, abs=0.1)
    assert errors["is_preventable"].dropna().all()


def test_only_operations_leave_objects_behind(asked, many):
    operated = set(asked[1].stays.loc[asked[1].stays["is_surgical"].astype(bool), "stay_id"])
    left = many[many["event_type"] == "retained_object"]
    assert len(left) > 10
    assert set(left["adverse_event_id"].str[1:-2].astype(int)) <= operated


def test_a_report_comes_again_as_it_goes_on(images):
    assert not images.duplicated(["adverse_event_id", "_known"]).any()
    open_ones = images[images["status"] == "open"]
    assert open_ones["is_preventable"].isna().all()
    assert images.loc[images["status"] != "open", "is_preventable"].notna().all()
    ordered = images.sort_values(["adverse_event_id", "_known"])
    again = ordered[ordered.duplicated("adverse_event_id")]
    before = ordered[ordered.duplicated("adverse_event_id", keep="last")]
    assert len(again) >= 1
    assert (again["updated_at"].to_numpy() > before["updated_at"].to_numpy()).all()


def test_nothing_is_told_before_it_happens_or_after_its_period(images):
    assert (images["updated_at"].to_numpy() <= ENDS.to_numpy()[images["_known"]]).all()
    assert (images["reported_at"] <= images["updated_at"]).all()


def test_later_deliveries_leave_what_was_known_as_it_was(fewer, images):
    same = images[images["_known"] <= 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(adverse_events(fewer, SMALL, 1).reset_index(drop=True), same)
