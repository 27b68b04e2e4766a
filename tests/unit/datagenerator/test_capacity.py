"""Hospitals are as large as the patients make them, whatever size they have beside each other."""

from dataclasses import replace

import numpy as np
import pytest

from datagenerator.arguments import Arguments
from datagenerator.capacity import ACUTE, UNITS, expected_census, licensed_beds
from datagenerator.organisations import facilities

BEDS = [f"beds_{unit}" for unit in UNITS]
SMALL = Arguments()
LARGE = replace(SMALL, patients=1_000_000, encounters=5_000_000)


def acute(found):
    return found[found["facility_type"].isin(ACUTE)]


def test_the_nights_of_the_request_are_spread_over_acute_hospitals_by_size():
    found = facilities(LARGE)
    census = expected_census(LARGE, found)
    hospital = found["facility_type"].isin(ACUTE).to_numpy()
    nights = 5_000_000 * 0.18 * 4.3
    assert census[hospital].sum() * 1096 == pytest.approx(nights)
    here = hospital & (found["state"] == "CA").to_numpy()
    per_bed = census[here].sum(axis=1) / found["_size"].to_numpy()[here]
    assert per_bed == pytest.approx(per_bed[0])


def test_a_large_population_has_large_hospitals_at_the_target_occupancy():
    found = facilities(LARGE)
    census = expected_census(LARGE, found)
    large = census > 30
    assert large.sum() > 30
    assert census[large].sum() / found[BEDS].to_numpy()[large].sum() == pytest.approx(0.65, abs=0.03)
    assert found.loc[found["facility_type"] == "acute_care", "beds_total"].between(60, 700).all()


def test_a_small_population_has_small_hospitals_that_run_all_units_all_the_same():
    found = facilities(SMALL)
    assert acute(found)[BEDS].min().min() == 1
    assert acute(found)["beds_total"].max() < 40
    assert found.loc[found["facility_type"] == "clinic", "beds_total"].eq(0).all()
    assert found.loc[found["facility_type"] == "psychiatric", "beds_psychiatric"].gt(0).all()


def test_beds_suffice_for_a_usual_peak():
    census = np.array([[0.0, 0.01, 1.0, 100.0]])
    assert licensed_beds(SMALL, census).tolist() == [[0, 1, 4, 154]]


def test_sizes_beside_each_other_do_not_follow_from_the_request():
    same = ["facility_id", "_size", "is_teaching", "peer_group", "zip"]
    assert facilities(SMALL)[same].equals(facilities(LARGE)[same])
    assert facilities(SMALL)["is_teaching"].any()
