"""What is measured: when, of whom, how the values follow from what the patients suffer from."""

import numpy as np
import pandas as pd
import pytest

from datagenerator.blocks import blocks
from datagenerator.catalogue import table
from datagenerator.extract.layout import LAYOUTS
from datagenerator.periods import period
from datagenerator.records.observations import OCCASIONS, observations
from datagenerator.records.occasions import occasions
from datagenerator.records.values import codes
from tests.unit.datagenerator.records.conftest import BIG, SMALL


def test_later_deliveries_leave_earlier_ones_as_they_were(measured):
    for deliveries, found in enumerate(measured[:-1]):
        earlier = measured[-1][measured[-1]["_known"] <= deliveries].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, earlier)


def test_a_value_is_delivered_once_with_all_columns_of_the_file(measured):
    found = measured[-1]
    assert found["observation_id"].is_unique
    assert set(LAYOUTS["observations"].columns) <= set(found.columns)
    required = found.drop(columns=["abnormal_flag", "_begin"])
    assert not required.isna().any(axis=None)


def test_values_lie_within_their_encounter_and_are_told_afterwards(cares, measured):
    found = measured[-1]
    last = cares[-1].encounters.sort_values("_known").drop_duplicates("encounter_id", keep="last")
    of = last.set_index("encounter_id").reindex(found["encounter_id"]).reset_index(drop=True)
    assert (of["patient_id"] == found["patient_id"]).all()
    assert (found["observed_at"] >= of[["arrived_at", "admitted_at"]].min(axis=1)).all()
    assert not (found["observed_at"] > of["discharged_at"]).any()
    assert (found["updated_at"] > found["observed_at"]).all()


def test_nothing_is_told_before_its_time_or_its_encounter(cares, measured):
    found = measured[-1]
    ends = found["_known"].map({n: pd.Timestamp(period(SMALL, n).data_through) for n in range(3)})
    assert (found["updated_at"] <= ends).all()
    first = cares[-1].encounters.groupby("encounter_id")["_known"].min()
    assert (found["_known"] >= found["encounter_id"].map(first)).all()
    assert (found["_known"] > 0).any()


def test_every_adult_leaves_with_hemoglobin_and_sodium(big, ward):
    leaving = occasions(big).query("occasion == 'discharge' and is_adult")["encounter_id"]
    at_discharge = ward[ward["occasion"] == "discharge"]
    assert len(leaving) > 1_000
    for name in ("hemoglobin", "sodium"):
        assert set(leaving) <= set(at_discharge.loc[at_discharge["name"] == name, "encounter_id"])


def test_a_stay_is_measured_when_it_begins_and_when_it_ends(ward, big):
    stays = ward[ward["encounter_type"] == "inpatient"]
    assert set(stays["occasion"]) == {"admission", "discharge"}
    middle = big.encounters.query("encounter_type == 'inpatient' and discharge_disposition == '30'")
    assert not set(middle["encounter_id"]) & set(stays.loc[stays["occasion"] == "discharge", "encounter_id"])


def test_an_encounter_recorded_twice_is_measured_alike(big, ward):
    same = ["_stay", "admitted_at", "discharged_at"]
    rows = big.encounters[big.encounters["_stay"].notna() & big.encounters["discharged_at"].notna()]
    twice = rows[rows.duplicated(same, keep=False)].sort_values([*same, "encounter_id"])
    pairs = twice["encounter_id"].to_numpy().reshape(-1, 2)
    assert len(pairs) > 2
    for one, other in pairs:
        values = [
            ward[ward["encounter_id"] == encounter].set_index(["name", "occasion"])["value"].to_dict()
            for encounter in (one, other)
        ]
        assert values[0] == values[1]


def test_values_are_possible_in_the_unit_of_their_code_and_rounded(ward):
    known = codes().set_index("short_name").reindex(ward["name"]).reset_index(drop=True)
    value = ward["value"].reset_index(drop=True)
    assert value.between(known["plausible_low"], known["plausible_high"]).all()
    assert (ward["unit"].reset_index(drop=True) == known["unit"]).all()
    for name, rows in ward.groupby("name"):
        decimals = int(codes().set_index("short_name").loc[name, "decimals"])
        np.testing.assert_allclose(rows["value"], rows["value"].round(decimals))


def test_the_diastolic_pressure_is_the_lower(ward):
    pressure = ward.pivot_table(index=["encounter_id", "occasion"], columns="name", values="value").dropna(
        subset=["systolic_pressure", "diastolic_pressure"]
    )
    assert (pressure["systolic_pressure"] - pressure["diastolic_pressure"] >= 15).all()


def test_laboratories_flag_values_of_adults_against_the_range_of_their_sex(ward, big):
    sex = ward["patient_id"].map(big.people.set_index("patient_id")["sex"])
    hemoglobin = ward[(ward["name"] == "hemoglobin") & (ward["value"] == 13.0)]
    flags = hemoglobin.groupby(sex)["abnormal_flag"].agg(lambda found: set(found.dropna()))
    assert flags.to_dict() == {"F": {"N"}, "M": {"L"}}
    assert ward.loc[ward["category"] == "vital", "abnormal_flag"].isna().all()


@pytest.mark.parametrize(
    ("reason", "name", "direction"),
    [
        ("sepsis", "lactate", 1),
        ("sepsis", "white_cells", 1),
        ("sepsis", "temperature", 1),
        ("sepsis", "systolic_pressure", -1),
        ("pneumonia", "oxygen_saturation", -1),
        ("heart_failure", "sodium", -1),
        ("gi_bleed", "hemoglobin", -1),
        ("anaemia", "hemoglobin", -1),
        ("kidney_injury", "creatinine", 1),
        ("diabetes_complication", "glucose", 1),
        ("myocardial_infarction", "troponin", 1),
        ("hypertensive_crisis", "systolic_pressure", 1),
    ],
)
def test_the_reason_of_admission_shows(ward, reason, name, direction):
    rows = ward[(ward["occasion"] == "admission") & (ward["name"] == name)]
    there = rows["_reason"] == reason
    usual, found = rows.loc[~there, "value"], rows.loc[there, "value"]
    assert len(found) > 5
    assert direction * (found.median() - usual.median()) > 0.3 * (usual.quantile(0.75) - usual.quantile(0.25))


@pytest.mark.parametrize(
    ("condition", "name", "factor"),
    [("ckd", "creatinine", 1.25), ("diabetes", "hemoglobin_a1c", 1.1), ("obesity", "body_weight", 1.1)],
)
def test_lasting_conditions_show_at_visits(ward, big, condition, name, factor):
    rows = ward[(ward["occasion"] == "visit") & (ward["name"] == name)]
    onset = rows["patient_id"].map(big.people.set_index("patient_id")[f"onset_{condition}"])
    there = onset <= rows["observed_at"]
    assert rows.loc[there, "value"].median() > factor * rows.loc[~there, "value"].median()


def test_what_brought_a_patient_in_mostly_fades_where_the_stay_ends_well(big, ward):
    ending = occasions(big).query("occasion == 'discharge'").set_index("encounter_id")["ending"]
    rows = ward[(ward["_reason"] == "sepsis") & (ward["name"] == "white_cells")]
    rows = rows.pivot_table(index="encounter_id", columns="occasion", values="value").dropna()
    well, died = rows[rows.index.map(ending) == "well"], rows[rows.index.map(ending) == "died"]
    assert (well["discharge"] / well["admission"]).median() < 0.8
    assert (died["discharge"] / died["admission"]).median() > 0.9


def test_a_patient_s_own_level_lasts(ward):
    rows = ward[(ward["occasion"] == "visit") & (ward["name"] == "creatinine")].sort_values("observed_at")
    pairs = rows.assign(before=rows.groupby("patient_id")["value"].shift()).dropna(subset=["before"])
    assert len(pairs) > 50
    assert np.corrcoef(np.log(pairs["before"]), np.log(pairs["value"]))[0, 1] > 0.85


def test_values_tell_a_part_of_severity_and_not_all_of_it(ward):
    """The share of the variance of severity that vital signs and blood on admission explain."""
    names = ["hemoglobin", "sodium", "white_cells", "creatinine", "heart_rate", "respiratory_rate"]
    rows = ward[ward["occasion"] == "admission"]
    found = rows.pivot_table(index="encounter_id", columns="name", values="value")[names].dropna()
    severity = rows.drop_duplicates("encounter_id").set_index("encounter_id")["_severity"]
    target = severity.reindex(found.index).to_numpy(float)
    design = np.column_stack([np.ones(len(found)), found.to_numpy()])
    left = target - design @ np.linalg.lstsq(design, target, rcond=None)[0]
    assert 0.15 < 1 - left.var() / target.var() < 0.6


def test_marginals_are_those_of_a_hospital(ward):
    """Shares as hospital cohorts report them: low sodium on admission, anaemia on leaving, fever."""
    admission, discharge = ward[ward["occasion"] == "admission"], ward[ward["occasion"] == "discharge"]

    def share(rows, name, low, high):
        return rows.loc[rows["name"] == name, "value"].between(low, high).mean()

    assert 0.10 < share(admission, "sodium", 0, 134) < 0.30
    assert 0.25 < share(discharge, "hemoglobin", 0, 11.9) < 0.50
    assert 0.03 < share(admission, "temperature", 38.0, 45) < 0.15


def test_about_as_many_rows_as_the_default_size_has_room_for(ward):
    assert 170_000 < len(ward) * len(blocks(BIG)) < 220_000


def test_a_world_may_measure_less(cares, tmp_path):
    world = tmp_path / "quiet.toml"
    world.write_text("[observations]\nvisit_vital = 0.0\nvisit_laboratory = 0.0\n")
    found = observations(cares[0], SMALL.__class__(**{**vars(SMALL), "world": str(world)}), 0)
    assert not (found["observation_id"].str[13] == "4").any()
    assert len(found)


def test_causes_and_values_of_the_tables_are_known():
    conditions, reasons = set(table("chronic")["condition"]), set(table("admissions")["reason"])
    diagnoses = table("diagnosis_codes")
    chronic = set(diagnoses.loc[diagnoses["use"] == "chronic", "code"])
    groups = set(diagnoses.loc[diagnoses["use"] == "emergency", "name"]) | {"observation"}
    effects, use = table("observation_effects"), table("observation_use")
    known = {"lasting": conditions | chronic, "emergency": groups, "admission": reasons, "discharge": reasons}
    for phase, rows in effects.groupby("phase"):
        assert set(rows["cause"]) <= known[phase], phase
    assert not effects.duplicated(["cause", "phase"]).any()
    assert set(use["cause"]) <= conditions | reasons | {""}
    assert set(use["set"]) == set(OCCASIONS)
    names = list(codes()["short_name"])
    assert sorted(table("observation_nature")["short_name"]) == sorted(names)
    assert set(use["short_name"]) == set(names)
    assert set(effects.columns) - {"cause", "phase"} <= set(names)
