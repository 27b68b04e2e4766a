"""Facilities and providers: as many as asked for, numbered as in life."""

from dataclasses import replace

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.catalogue import table
from datagenerator.clinical.hospitals import hospitals
from datagenerator.organisations import SPECIALTIES, facilities, providers
from tests.unit.datagenerator.clinical.conftest import contract

NUMBERS = {
    "acute_care": (1, 879),
    "critical_access": (1300, 1399),
    "psychiatric": (4000, 4499),
    "rehabilitation": (3025, 3099),
    "clinic": (8500, 8899),
}


@pytest.mark.parametrize("count", [1, 2, 7, 50, 400])
def test_facilities_are_exactly_as_many_with_unique_numbers(count):
    found = facilities(replace(Arguments(), facilities=count))
    assert len(found) == found["facility_id"].nunique() == count


def test_numbers_tell_state_and_type():
    found = facilities(Arguments())
    states = table("places").drop_duplicates("state").set_index("state")["state_number"]
    assert (found["facility_id"].str[:2] == found["state"].map(states)).all()
    low = found["facility_type"].map(lambda kind: NUMBERS[kind][0])
    high = found["facility_type"].map(lambda kind: NUMBERS[kind][1])
    assert found["facility_id"].str[2:].astype(int).between(low, high).all()
    assert set(found["facility_type"]) == set(NUMBERS)


def test_beds_of_the_units_add_up():
    found = facilities(Arguments())
    units = found[[name for name in found if name.startswith("beds_") and name != "beds_total"]]
    assert (units.sum(axis=1) == found["beds_total"]).all()
    assert (found.loc[found["facility_type"] == "critical_access", "beds_total"] <= 25).all()


def test_hospitals_alone_have_a_peer_group():
    found = facilities(Arguments())
    hospital = found["facility_type"].isin(["acute_care", "critical_access"])
    assert found.loc[hospital, "peer_group"].between(1, 5).all()
    assert found.loc[~hospital, "peer_group"].isna().all()


@pytest.mark.parametrize("table_name", ["facilities", "providers"])
def test_frames_have_the_columns_of_their_contract(table_name):
    found = {"facilities": facilities, "providers": providers}[table_name](Arguments())
    landed = {name for name in found if not name.startswith("_")}
    assert landed == {column["name"] for column in contract(table_name)}


def test_providers_are_exactly_as_many_and_npis_check():
    found = providers(Arguments())
    assert len(found) == found["provider_id"].nunique() == found["npi"].nunique() == 500
    assert set(found["specialty"]) == set(SPECIALTIES)
    for npi in found["npi"]:
        digits = [int(digit) for digit in "80840" + npi][::-1]
        total = sum(digits[::2]) + sum(sum(divmod(2 * digit, 10)) for digit in digits[1::2])
        assert total % 10 == 0


def test_a_transfer_goes_to_another_hospital():
    places = hospitals(Arguments())
    here = pd.Series(places.is_acute).loc[lambda acute: acute].index.to_numpy()
    for uniform in (0.0, 0.4, 0.99):
        there = places.another(here, pd.Series([uniform] * len(here)).to_numpy())
        assert (there != here).all()
        assert places.is_acute[there].all()


def test_work_is_spread_over_the_staff(big):
    share = big.encounters["provider_id"].value_counts(normalize=True)
    assert share.max() < 0.05
    assert len(share) > 250
