"""The emergency department's times: in order, within the encounter, as long as they are in the country."""

import pandas as pd
import pytest

from datagenerator.clinical.emergency import TIMES
from datagenerator.world import figures

USUAL = figures("default", "emergency")


@pytest.fixture(scope="module")
def last(big):
    """The last image of each encounter of the big world."""
    return big.encounters.sort_values("_known").drop_duplicates("encounter_id", keep="last")


@pytest.fixture(scope="module")
def visits(last):
    return last[(last["encounter_type"] == "emergency") & last["discharged_at"].notna()]


@pytest.fixture(scope="module")
def stays(last):
    return last[(last["encounter_type"] == "inpatient") & last["arrived_at"].notna()]


def minutes(rows, begin, end):
    return (rows[end] - rows[begin]).dt.total_seconds() / 60


def test_times_follow_each_other_in_whole_minutes(care, big):
    rows = pd.concat([care.encounters, big.encounters], ignore_index=True)
    known = rows[list(TIMES)].ffill(axis=1)
    assert (known.diff(axis=1).iloc[:, 1:].fillna(pd.Timedelta(0)) >= pd.Timedelta(0)).all(axis=None)
    assert (rows[list(TIMES)].stack().dt.second == 0).all()


def test_a_visit_begins_with_arrival_and_ends_with_departure(visits):
    assert (visits["arrived_at"] == visits["admitted_at"]).all()
    assert (visits["departed_at"] == visits["discharged_at"]).all()
    assert visits["triage_level"].notna().all()


def test_a_stay_is_decided_on_before_the_admission_and_boards_after_it(stays):
    assert (stays["arrived_at"] < stays["admitted_at"]).all()
    assert (stays["decided_at"] <= stays["admitted_at"]).all()
    departed = stays[stays["departed_at"].notna()]
    assert (departed["departed_at"] >= departed["admitted_at"]).all()
    assert not (departed["departed_at"] > departed["discharged_at"]).any()
    assert stays["admit_type"].isin(["1", "5"]).all()
    assert (stays["admit_source"] != "4").all()
    assert (stays["unit"] != "maternity").all()


def test_other_care_has_none(last):
    others = last[~last["encounter_type"].isin(["emergency", "inpatient"])]
    assert others[[*TIMES, "triage_level", "is_left_without_being_seen"]].isna().all(axis=None)


def test_nobody_arrives_while_still_in_other_care(last):
    rows = last.sort_values(["patient_id", "admitted_at"])
    before = rows.groupby("patient_id")["discharged_at"].cummax().groupby(rows["patient_id"]).shift(1)
    # Rows that repeat or continue a stay begin within it; what counts is who comes from outside.
    fresh = rows["arrived_at"].notna() & ~rows["_stay"].duplicated()
    assert fresh.sum() > 500
    assert not (rows["arrived_at"] < before)[fresh & (rows["encounter_type"] == "inpatient")].any()


def test_rows_of_one_stay_tell_the_same(stays):
    assert (stays.groupby("_stay")[list(TIMES)].nunique() <= 1).all(axis=None)


def test_nothing_is_told_before_it_happens(care):
    for name in TIMES:
        assert not (care.encounters[name] > care.encounters["updated_at"]).any()
    still_there = care.encounters[
        care.encounters["discharged_at"].isna() & (care.encounters["encounter_type"] == "emergency")
    ]
    assert still_there["departed_at"].isna().all()
    assert still_there["is_left_without_being_seen"].isna().all()


def test_waits_are_those_of_the_country(visits, stays):
    assert 8 <= minutes(visits, "arrived_at", "triaged_at").median() <= 12
    assert 20 <= minutes(visits, "arrived_at", "provider_seen_at").median() <= 35
    assert 130 <= minutes(visits, "arrived_at", "departed_at").median() <= 190
    assert 80 <= minutes(stays, "decided_at", "departed_at").median() <= 140
    assert minutes(stays, "arrived_at", "provider_seen_at").max() < 24 * 60


def test_the_less_urgent_wait_longer_and_so_do_crowded_hours(visits):
    wait = minutes(visits, "arrived_at", "provider_seen_at")
    by_level = wait.groupby(visits["triage_level"]).median()
    assert by_level[2] < by_level[3] < by_level[4]
    first, after = USUAL["crowded_hours"]
    busy = visits["arrived_at"].dt.hour.between(first, after - 1)
    assert wait[busy].median() > 1.3 * wait[~busy].median()


def test_acuity_is_higher_among_those_admitted(visits, stays):
    assert (visits["triage_level"] <= 2).mean() < 0.2
    assert 0.35 < (stays["triage_level"] <= 2).mean() < 0.6


def test_psychiatric_patients_board_longest(stays):
    boarding = minutes(stays, "decided_at", "departed_at").groupby(stays["unit"] == "psychiatric").median()
    assert boarding[True] > 2 * boarding[False]


def test_who_leaves_unseen_is_neither_seen_nor_treated(big, visits):
    left = visits[visits["is_left_without_being_seen"]]
    assert 0.005 < len(left) / len(visits) < 0.035
    assert left[["provider_seen_at", "decided_at"]].isna().all(axis=None)
    assert set(left["discharge_disposition"]) == {"07"}
    assert (left["triage_level"] >= 3).all()
    coded = big.diagnoses[big.diagnoses["encounter_id"].isin(left["encounter_id"])]
    assert set(coded["diagnosis_code"]) == {"Z5321"}
    assert len(coded) == len(left)
    assert not big.procedures["encounter_id"].isin(left["encounter_id"]).any()
