"""Beds and their staff: the census to the patient, the rest within what hospitals are like."""

from dataclasses import replace
from functools import cache

import numpy as np
import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.capacity import UNITS, expected_census
from datagenerator.catalogue import table
from datagenerator.clinical import simulate
from datagenerator.organisations import facilities
from datagenerator.periods import period
from datagenerator.reports.bed_days import added, bed_days, shape
from datagenerator.reports.census import census
from datagenerator.reports.infections import hai_data
from datagenerator.reports.staffing import staffing
from datagenerator.reports.wards import beds, wards, written

SMALL = Arguments(patients=600, encounters=4_000, facilities=20, providers=60, seed=5)
LARGE = Arguments(patients=400_000, encounters=2_000_000, facilities=20)
WARD_DAY = ["facility_id", "unit", "bed_date"]


@cache
def total(arguments, deliveries):
    size = np.prod(shape(arguments, deliveries))
    parts = [
        bed_days(simulate(arguments, block, deliveries), arguments, deliveries) for block in blocks(arguments)
    ]
    counts = np.zeros(size, dtype=np.int64)
    for part in parts:
        counts = added(counts, part)
    return counts.reshape(shape(arguments, deliveries))


def made(counts, arguments, deliveries):
    rows = beds(counts, wards(arguments, facilities(arguments)), arguments, deliveries)
    return rows, staffing(rows, arguments)


@pytest.fixture(scope="module")
def small():
    """Beds and staffing of a small world with two deliveries."""
    return made(total(SMALL, 2), SMALL, 2)


@pytest.fixture(scope="module")
def large():
    """Beds and staffing of large hospitals, whose patients come independently of each other."""
    rng = np.random.default_rng(3)
    expected = expected_census(LARGE, facilities(LARGE))
    counts = rng.poisson(expected[:, :, None], size=shape(LARGE, 0))
    return made(counts, LARGE, 0)


def spans(place, *times, **more):
    rows = [{"facility_id": place, "admitted_at": begin, "discharged_at": end} | more for begin, end in times]
    return pd.DataFrame(rows).astype({"admitted_at": "datetime64[s]", "discharged_at": "datetime64[s]"})


def test_midnights_of_literal_stays():
    places = facilities(SMALL)["facility_id"].to_list()

    class Log:
        stays = spans(
            places[0],
            ("2022-01-02 10:00", "2022-01-05 09:00"),
            ("2022-01-05 08:00", "2022-01-05 20:00"),
            ("2024-12-30 08:00", "2025-02-03 20:00"),
            unit="icu",
        )
        encounters = spans(
            places[1],
            ("2022-01-01 10:00", None),
            ("2022-01-01 10:00", "2022-01-03 10:00"),
            unit="medical",
            encounter_type="inpatient",
            encounter_id="E1",
            _stay=None,
        ).assign(_known=[0, 1])

    size = shape(SMALL, 0)
    found = added(np.zeros(np.prod(size), dtype=np.int64), bed_days(Log, SMALL, 0)).reshape(size)
    icu, medical = UNITS.index("icu"), UNITS.index("medical")
    of_stays = [[0, icu, day] for day in (1, 2, 3, 4, 1094, 1095)]
    assert np.argwhere(found).tolist() == [*of_stays, [1, medical, 0], [1, medical, 1]]
    assert found.max() == 1


def test_the_census_of_a_month_is_what_is_reported_for_infections(small):
    rows = small[0].assign(month=small[0]["bed_date"].dt.to_period("M").dt.start_time)
    found = rows.groupby(["facility_id", "unit", "month"])["occupied_beds"].sum()
    last = pd.Timestamp(period(SMALL, 2).data_through)
    sums = [census(simulate(SMALL, block, 2), SMALL, 2, last) for block in blocks(SMALL)]
    reports = hai_data(pd.concat(sums).groupby(level=[0, 1, 2, 3]).sum(), facilities(SMALL), SMALL, 2)
    reported = reports.set_index(["facility_id", "unit", "month"])["patient_days"]
    assert reported.sum() > 2_000
    assert (found.reindex(reported.index).fillna(0) == reported).all()


def test_every_patient_has_a_bed_day_and_closed_wards_have_no_row(small):
    rows = small[0]
    assert rows["occupied_beds"].sum() == total(SMALL, 2).sum()
    assert not rows.duplicated(WARD_DAY).any()
    empty = (rows["occupied_beds"] == 0).mean()
    assert 0 < empty < 0.1
    wards_there = (facilities(SMALL)[[f"beds_{unit}" for unit in UNITS]] > 0).to_numpy().sum()
    assert len(rows) < 0.3 * wards_there * shape(SMALL, 2)[2]


def test_large_wards_never_close(large):
    rows = large[0]
    always = rows[rows["_expected"] >= 4].groupby(["facility_id", "unit"]).size()
    assert (always == 1096).all()


def test_more_patients_than_staffed_beds_are_rare_and_stay(large, small):
    for rows, most in ((large[0], 0.01), (small[0], 0.05)):
        assert (rows["staffed_beds"] <= rows["licensed_beds"]).all()
        over = rows["occupied_beds"] > rows["staffed_beds"]
        assert 0 < over.mean() < most


def test_staffed_beds_are_seven_tenths_full(large):
    rows = large[0]
    assert rows["occupied_beds"].sum() / rows["staffed_beds"].sum() == pytest.approx(0.72, abs=0.02)


def test_what_a_delivery_brings_does_not_depend_on_later_ones(small):
    before = made(total(SMALL, 1), SMALL, 1)
    for early, late in zip(before, small, strict=True):
        assert set(late["_known"]) == {0, 1, 2}
        assert early.equals(late[late["_known"] <= 1].reset_index(drop=True))


def test_reports_are_written_after_the_day_and_within_their_period(small):
    for rows, day in zip(small, ("bed_date", "shift_date"), strict=True):
        ends = rows["_known"].map({n: pd.Timestamp(period(SMALL, n).data_through) for n in range(3)})
        assert (rows["updated_at"] >= rows[day]).all()
        assert (rows["updated_at"] < ends).all()


def test_a_ward_does_not_care_which_others_there_are():
    counts, known = total(SMALL, 0), wards(SMALL, facilities(SMALL))
    whole = beds(counts, known, SMALL, 0)
    parts = [beds(counts, some, SMALL, 0) for some in known.parts(7)]
    assert pd.concat(parts, ignore_index=True).equals(whole)


def test_each_unit_has_its_roles_on_every_open_day(small):
    rows, staff = small
    roles = staff.groupby("unit")["role"].agg(set).to_dict()
    assert roles["medical"] == {"RN", "LPN", "aide"}
    assert roles["icu"] == roles["maternity"] == {"RN", "aide"}
    assert not staff.duplicated(["facility_id", "unit", "shift_date", "role"]).any()
    assert len(staff) == rows["unit"].map({unit: len(names) for unit, names in roles.items()}).sum()


def test_hours_are_those_of_hospitals(large):
    rows, staff = large
    days = rows["occupied_beds"].sum()
    by_role = staff.groupby("role")["hours_worked"].sum() / days
    assert 8 < by_role.sum() < 12
    assert 6 < by_role["RN"] < 8
    nurses = staff[staff["role"] == "RN"].groupby("unit")["hours_worked"].sum()
    per_day = nurses / rows.groupby("unit")["occupied_beds"].sum()
    assert per_day["icu"] > 2 * per_day["medical"]
    worked = staff["hours_worked"].sum()
    assert 0.03 < staff["overtime_hours"].sum() / worked < 0.08
    assert 0.02 < staff["agency_hours"].sum() / worked < 0.10
    assert (staff["overtime_hours"] + staff["agency_hours"] <= staff["hours_worked"]).all()


def test_hospitals_differ_in_agency_and_weekends_are_thinner(large):
    rows, staff = large
    sums = staff.groupby("facility_id")[["agency_hours", "hours_worked"]].sum()
    shares = sums["agency_hours"] / sums["hours_worked"]
    assert shares.max() > 2 * shares.min()
    is_weekend = staff["shift_date"].dt.dayofweek >= 5
    hours = staff.groupby(is_weekend)["hours_worked"].sum()
    patients = rows.groupby(rows["bed_date"].dt.dayofweek >= 5)["occupied_beds"].sum()
    per_day = hours / patients
    assert per_day[True] / per_day[False] == pytest.approx(0.94, abs=0.01)


def test_overtime_grows_with_patients_beyond_the_budget(large):
    staff = large[1]
    above = staff["occupied_beds"] > staff["_budget"]
    sums = staff.groupby(above)[["overtime_hours", "hours_worked"]].sum()
    shares = sums["overtime_hours"] / sums["hours_worked"]
    assert shares[True] > 1.1 * shares[False]


def test_about_a_fifth_of_the_staff_leaves_in_a_year(large):
    staff = large[1]
    yearly = 365.25 * staff["leavers"].sum() / staff["head_count"].sum()
    assert 0.15 < yearly < 0.25
    assert (staff["leavers"] <= staff["head_count"]).all()


def test_pay_is_that_of_employees_with_overtime_at_one_and_a_half(small):
    staff = small[1]
    paid = staff["hours_worked"] - staff["agency_hours"] + 0.5 * staff["overtime_hours"]
    wage = staff["payroll_amount"] / 100 / paid
    assert (staff["payroll_amount"] > 0).all()
    long_hours = staff["hours_worked"] > 2
    spring = staff["shift_date"].between("2022-04-25", "2022-05-07")
    nurses = wage[long_hours & spring & (staff["role"] == "RN") & (staff["_state"] == "CA")]
    assert len(nurses) > 5
    assert nurses.to_numpy() == pytest.approx(64.10, rel=1e-2)
    by_role = wage[long_hours].groupby(staff["role"]).mean()
    assert by_role["RN"] > by_role["LPN"] > by_role["aide"]


def test_wages_are_known_of_every_state_with_facilities():
    assert set(table("nurse_wages")["state"]) == set(table("places")["state"])


def test_another_world_has_other_staff(tmp_path):
    world = tmp_path / "world.toml"
    world.write_text(
        "[staffing]\nrn_hours = [10.4, 11.2, 27.0, 16.0, 7.2]\nlpn_hours = [0.0, 0.0, 0.0, 0.0, 0.0]\n"
    )
    rng = np.random.default_rng(3)
    arguments = replace(SMALL, world=str(world))
    counts = rng.poisson(0.2, size=shape(arguments, 0))
    usual, other = made(counts, SMALL, 0)[1], made(counts, arguments, 0)[1]
    hours = [staff[staff["role"] == "RN"]["hours_worked"].sum() for staff in (usual, other)]
    assert hours[1] / hours[0] == pytest.approx(2.0, abs=0.01)
    assert set(other["role"]) == {"RN", "aide"}


def test_a_world_without_a_day_in_a_ward_has_no_times_of_reports():
    no_days = pd.Series([], dtype="datetime64[us]")
    assert written(no_days, pd.Series([], dtype=int), np.array([], dtype=np.uint64), SMALL).empty
