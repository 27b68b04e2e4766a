"""How patients are treated: for what, by which protocol, how it goes, and when the source tells of it."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import yaml

from datagenerator.blocks import blocks
from datagenerator.catalogue import table
from datagenerator.extract.layout import LAYOUTS
from datagenerator.periods import period
from datagenerator.records.courses import courses, protocols
from datagenerator.records.treatments import treatments
from tests.unit.datagenerator.records.conftest import BIG, SMALL

CONTRACT = Path(__file__).parents[4] / "jobs" / "silver" / "treatments.yaml"


@pytest.fixture(scope="module")
def clinic(big):
    return treatments(big, BIG, 0)


def last_images(images):
    return images.sort_values("_known", kind="stable").drop_duplicates("treatment_id", keep="last")


def test_later_deliveries_leave_earlier_ones_as_they_were(treated):
    for deliveries, found in enumerate(treated[:-1]):
        earlier = treated[-1][treated[-1]["_known"] <= deliveries].reset_index(drop=True)
        pd.testing.assert_frame_equal(found, earlier, check_dtype=False)


def test_a_treatment_is_told_once_a_delivery_and_again_when_it_has_ended(treated):
    found = treated[-1]
    assert set(LAYOUTS["treatments"].columns) <= set(found.columns)
    assert not found.duplicated(["treatment_id", "_known"]).any()
    again = found[found.duplicated("treatment_id", keep=False)].sort_values(["treatment_id", "_known"])
    statuses = again.groupby("treatment_id")["status"].agg(list)
    assert len(statuses) > 3
    assert all(first == "running" and last != "running" for first, last in statuses)
    assert (again.groupby("treatment_id")["updated_at"].agg(lambda at: at.is_monotonic_increasing)).all()


def test_days_are_in_order_and_told_afterwards(treated):
    found = treated[-1]
    written = found["updated_at"].dt.normalize()
    assert not (found["ended_on"] < found["started_on"]).any()
    assert not (found["planned_end_on"] < found["started_on"]).any()
    assert (written >= found["started_on"]).all()
    assert not (written < found["ended_on"]).any()
    ends = found["_known"].map({n: pd.Timestamp(period(SMALL, n).data_through) for n in range(3)})
    assert (found["updated_at"] <= ends).all()


def test_status_end_and_outcome_agree(clinic):
    running = clinic["status"] == "running"
    assert (running == clinic["ended_on"].isna()).all()
    assert (running == clinic["outcome"].isna()).all()
    assert ((clinic["status"] == "discontinued") == clinic["stop_reason"].notna()).all()
    assert ((clinic["status"] == "died") == (clinic["outcome"] == "died")).all()


def test_patients_are_treated_for_what_was_coded(big, clinic):
    coded = pd.concat([big.diagnoses, big.registry])[["patient_id", "diagnosis_code"]].drop_duplicates()
    found = clinic.merge(coded, on=["patient_id", "diagnosis_code"], how="left", indicator=True)
    assert (found["_merge"] == "both").all()
    assert (clinic["condition"].to_numpy() == protocols().loc[clinic["protocol_code"], "condition"]).all()


def test_nobody_is_treated_after_death(big, clinic):
    death = clinic["patient_id"].map(big.people.set_index("patient_id")["death_date"])
    ended = clinic["ended_on"].fillna(clinic["started_on"])
    assert not (clinic["started_on"] >= death).any()
    assert not (ended > death).any()
    assert (clinic.loc[clinic["status"] == "died", "ended_on"] == death[clinic["status"] == "died"]).all()


def test_a_death_ends_treatments_once_it_is_recorded(cares, treated):
    for care, found in zip(cares, treated, strict=True):
        recorded = set(care.patients.loc[care.patients["death_date"].notna(), "patient_id"])
        died = found[found["status"] == "died"]
        assert set(died["patient_id"]) <= recorded
        told = died["patient_id"].map(
            care.patients[care.patients["death_date"].notna()].groupby("patient_id")["recorded_at"].min()
        )
        assert (died["updated_at"] >= told).all()


def test_a_protocol_is_given_once_at_a_time_and_not_again_as_the_next_line(clinic):
    last = last_images(clinic).sort_values(["patient_id", "protocol_code", "started_on"])
    before = last.groupby(["patient_id", "protocol_code"])["ended_on"].shift()
    again = last.duplicated(["patient_id", "protocol_code"])
    assert not (before[again] >= last.loc[again, "started_on"]).any()
    lines = last[last["encounter_id"].isna()].assign(
        entry=lambda rows: rows["treatment_id"].str[:-2], line=lambda rows: rows["treatment_id"].str[-2:]
    )
    lines = lines.sort_values(["entry", "line"])
    assert not (lines.groupby("entry")["protocol_code"].shift() == lines["protocol_code"]).any()
    assert (lines["line"] == "02").sum() > 100


def test_the_encounter_that_starts_a_treatment_is_the_patient_s_and_begins_before(big, clinic):
    started = clinic[clinic["encounter_id"].notna()]
    of = big.encounters.drop_duplicates("encounter_id").set_index("encounter_id").loc[started["encounter_id"]]
    assert (of["patient_id"].to_numpy() == started["patient_id"].to_numpy()).all()
    assert (of["admitted_at"].dt.normalize().to_numpy() <= started["started_on"].to_numpy()).all()


@pytest.mark.parametrize(
    ("reason", "protocol", "least"),
    [("sepsis", "SEP-ABX", 0.7), ("hip_fracture", "HIP-REHAB", 0.4), ("ischaemic_stroke", "STR-REHAB", 0.3)],
)
def test_certain_stays_start_treatments(big, clinic, reason, protocol, least):
    stays = big.encounters[(big.encounters["_reason"] == reason) & big.encounters["discharged_at"].notna()]
    alive = stays[~stays["discharge_disposition"].isin(["20", "30", "02", "05", "07", "50", "51"])]
    given = set(clinic.loc[clinic["protocol_code"] == protocol, "encounter_id"])
    assert alive["encounter_id"].isin(given).mean() > least


def course(severity, frailty, size=6_000, protocol="HF-CLINIC"):
    rows = pd.DataFrame({"treatment_id": [f"T{n}" for n in range(size)], "protocol_code": protocol})
    rows = rows.assign(severity=severity, frailty=frailty, started_on=pd.Timestamp("2024-01-01"))
    return courses(rows, BIG)


def test_the_sicker_fare_worse():
    mild, severe = course(1, -1.0), course(4, 1.0)
    for column, value in (("status", "discontinued"), ("outcome", "worsened")):
        assert (severe[column] == value).mean() > 1.5 * (mild[column] == value).mean()
    assert (severe["outcome"] == "improved").mean() < (mild["outcome"] == "improved").mean()


def test_a_usual_course_is_given_up_as_often_as_the_world_says():
    usual = course(2, 0.0)
    assert (usual["status"] == "discontinued").mean() == pytest.approx(0.16, abs=0.02)
    planned = (usual["planned_end_on"] - usual["started_on"]).dt.days
    assert set(planned) == {120}
    assert (usual.loc[usual["status"] == "discontinued", "ended_on"] < usual["planned_end_on"].iloc[0]).all()


def test_long_term_treatment_has_no_planned_end_and_goes_on_for_years():
    found = course(2, 0.0, protocol="HTN-1")
    years = (found["ended_on"] - found["started_on"]).dt.days / 365.25
    assert found["planned_end_on"].isna().all()
    assert years.mean() == pytest.approx(4.0, abs=0.3)
    assert set(found["status"]) == {"discontinued"}


def test_about_as_many_rows_as_the_default_size_has_room_for(clinic):
    assert 12_000 < len(clinic) * len(blocks(BIG)) < 18_000


def test_protocols_causes_and_conditions_of_the_tables_are_known():
    use, known = table("treatment_use"), protocols()
    assert set(use["protocol_code"]) == set(known.index)
    assert known.index.is_unique
    assert (known["planned_days"].isna() == (known["kind"] == "long_term")).all()
    causes = {"registry": set(table("chronic")["registry"]), "stay": set(table("admissions")["reason"])}
    for source, rows in use.groupby("source"):
        assert set(rows["cause"]) <= causes[source]
    columns = yaml.safe_load(CONTRACT.read_text())["schema"][0]["properties"]
    [condition] = [column for column in columns if column["name"] == "condition"]
    assert {entry["value"] for entry in condition["enum"]} == set(known["condition"])
    registered = use[use["source"] == "registry"]
    for cause, protocol in zip(registered["cause"], registered["protocol_code"], strict=True):
        assert known.loc[protocol, "condition"] == cause
    assert np.isfinite(use[["mild", "severe"]].to_numpy(float)).all()
