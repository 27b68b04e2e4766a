"""The event log as a whole: repeatable, a prefix of itself, exact in number, coherent in its references."""

from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
from pandas.testing import assert_frame_equal

from datagenerator.arguments import Arguments
from datagenerator.blocks import PATIENTS_PER_BLOCK, blocks, quota
from datagenerator.care import Care
from datagenerator.clinical import simulate
from datagenerator.organisations import facilities, providers
from tests.unit.datagenerator.clinical.conftest import DATA_THROUGH, FRAMES, SMALL, contract

KEYS = {
    "patients": ["patient_id", "effective_date", "recorded_at"],
    "encounters": ["encounter_id"],
    "diagnoses": ["diagnosis_id"],
    "procedures": ["procedure_id"],
    "registry": ["registry_id"],
}
PERIOD_ENDS = pd.to_datetime(["2024-12-31 23:59:59", "2025-01-31 23:59:59", "2025-02-28 23:59:59"])


def rows_upto(frame: pd.DataFrame, delivery: int) -> pd.DataFrame:
    rows = frame[frame["_known"] <= delivery]
    return rows.sort_values([*rows.columns[:3], "_known"]).reset_index(drop=True)


def test_same_arguments_give_the_same_log(care):
    again = simulate(SMALL, blocks(SMALL)[0], 2)
    for name in Care.__dataclass_fields__:
        assert_frame_equal(getattr(again, name), getattr(care, name))


def test_another_seed_gives_another_log(care):
    other = simulate(replace(SMALL, seed=12), blocks(SMALL)[0], 0)
    assert set(other.patients["last_name"]) != set(care.patients["last_name"])


def assert_prefix(fewer: Care, more: Care, deliveries: int) -> None:
    for name in [*FRAMES, "infections"]:
        expected, found = rows_upto(getattr(more, name), deliveries), rows_upto(getattr(fewer, name), 9)
        assert_frame_equal(found, expected, check_dtype=False)


@pytest.mark.parametrize("deliveries", [0, 1])
def test_asking_for_fewer_deliveries_gives_a_prefix(care, deliveries):
    assert_prefix(simulate(SMALL, blocks(SMALL)[0], deliveries), care, deliveries)


@pytest.mark.parametrize("end", [date(2024, 3, 31), date(2024, 3, 17)])
def test_a_prefix_at_the_end_and_in_the_middle_of_a_month(end):
    arguments = replace(SMALL, patients=1_500, encounters=3_000, start=date(2023, 10, 1), end=end)
    fewer, more = (simulate(arguments, blocks(arguments)[0], deliveries) for deliveries in (0, 1))
    assert_prefix(fewer, more, 0)
    visits = more.encounters[
        (more.encounters["_known"] == 1) & (more.encounters["encounter_type"] == "outpatient")
    ]
    assert visits["admitted_at"].min() < pd.Timestamp(end) + pd.Timedelta(days=5)


@pytest.mark.parametrize("name", FRAMES)
def test_a_key_is_sent_once_per_delivery(care, name):
    frame = getattr(care, name)
    assert not frame.duplicated([*KEYS[name], "_known"]).any()


@pytest.mark.parametrize("name", FRAMES)
def test_a_changed_row_is_newer_than_the_one_before(care, name):
    frame = getattr(care, name).sort_values([*KEYS[name], "_known"])
    again = frame[frame.duplicated(KEYS[name])]
    before = frame[frame.duplicated(KEYS[name], keep="last")]
    assert (again["updated_at"].to_numpy() > before["updated_at"].to_numpy()).all()


def test_open_encounters_come_again_closed(care):
    images = care.encounters.sort_values("_known").groupby("encounter_id")
    counts = images.size()
    reopened = care.encounters[care.encounters["encounter_id"].isin(counts.index[counts == 2])]
    first = reopened.sort_values("_known").drop_duplicates("encounter_id")
    last = reopened.sort_values("_known").drop_duplicates("encounter_id", keep="last")
    assert len(first) > 3
    assert first["discharged_at"].isna().all()
    assert set(first["discharge_disposition"]) == {"30"}
    assert last["discharged_at"].notna().all()


def test_the_extract_has_exactly_the_numbers_asked_for(care):
    first = care.encounters[care.encounters["_known"] == 0]
    assert first["encounter_id"].nunique() == 3_500
    assert care.patients.loc[care.patients["_known"] == 0, "patient_id"].nunique() == 700


def test_blocks_share_the_numbers_exactly():
    arguments = replace(Arguments(), patients=2 * PATIENTS_PER_BLOCK + 1, encounters=16_003)
    shares = [quota(arguments.encounters, arguments, block) for block in blocks(arguments)]
    last = blocks(arguments)[2]
    assert last.size == 1
    assert sum(shares) == 16_003
    found = simulate(arguments, last, 0)
    assert found.encounters["encounter_id"].nunique() == shares[2]


def test_new_patients_join_later_under_numbers_of_their_own(care):
    joined = care.people[care.people["first_period"] > 0]
    assert len(joined) == 4
    assert joined["patient_id"].min() > "P00000700"
    first = care.patients.groupby("patient_id")["_known"].min()
    assert (first.loc[joined["patient_id"]].to_numpy() >= joined["first_period"].to_numpy()).all()


@pytest.mark.parametrize("name", FRAMES)
def test_frames_have_the_columns_of_their_contract(care, name):
    frame = getattr(care, name)
    assert {column["name"] for column in contract(name)} <= set(frame.columns)
    for column in contract(name):
        values = frame[column["name"]]
        assert values.notna().all() or not column.get("required"), f"{name}.{column['name']} has gaps"
        if "enum" in column:
            known = {value["value"] for value in column["enum"]}
            assert set(values.dropna().astype(str)) <= known, f"{name}.{column['name']} has unknown values"


def test_children_refer_to_rows_of_the_same_patient_sent_before(care):
    sent = care.encounters.groupby(["encounter_id", "patient_id"])["_known"].min()
    for name in ("diagnoses", "procedures"):
        frame = getattr(care, name)
        parents = sent.reindex(pd.MultiIndex.from_frame(frame[["encounter_id", "patient_id"]]))
        assert (parents.to_numpy() <= frame["_known"].to_numpy()).all()
    versions = care.patients.groupby("patient_id")["_known"].min()
    for name in ("encounters", "registry"):
        frame = getattr(care, name)
        assert (versions.loc[frame["patient_id"]].to_numpy() <= frame["_known"].to_numpy()).all()


def test_every_encounter_has_one_principal_diagnosis(care):
    principal = care.diagnoses[care.diagnoses["sequence"] == 1]
    assert sorted(principal["encounter_id"]) == sorted(set(care.encounters["encounter_id"]))


def test_organisations_and_payers_exist(care):
    assert set(care.encounters["facility_id"]) <= set(facilities(SMALL)["facility_id"])
    staff = set(providers(SMALL)["provider_id"])
    for frame in (
        care.encounters["provider_id"],
        care.procedures["provider_id"],
        care.patients["pcp_provider_id"],
    ):
        assert set(frame) <= staff


def test_nothing_is_told_before_it_happens_or_after_its_period(care):
    ends = PERIOD_ENDS.to_numpy()
    happened = {
        "encounters": ["admitted_at", "discharged_at"],
        "procedures": ["performed_at"],
        "registry": ["registered_on"],
        "patients": ["recorded_at"],
        "diagnoses": [],
    }
    for name, columns in happened.items():
        frame = getattr(care, name)
        assert (frame["updated_at"].to_numpy() <= ends[frame["_known"]]).all()
        for column in columns:
            assert not (frame[column] > frame["updated_at"]).any(), (
                f"{name}.{column} is later than its report"
            )


def test_events_lie_between_registration_and_death(care):
    registered = care.patients.groupby("patient_id")["effective_date"].min()
    assert (care.encounters["admitted_at"] >= care.encounters["patient_id"].map(registered)).all()
    death = care.encounters["patient_id"].map(care.patients.groupby("patient_id")["death_date"].max())
    assert death.notna().any()
    late = care.encounters["admitted_at"] >= death + pd.Timedelta(days=1)
    assert not late.any()


def test_a_death_in_hospital_is_the_patients_death(care):
    died = care.encounters[care.encounters["discharge_disposition"] == "20"]
    death = died["patient_id"].map(care.patients.groupby("patient_id")["death_date"].max())
    known = death.notna()
    assert known.sum() > 3
    assert (died["discharged_at"].dt.normalize() == death)[known].all()


def test_registered_conditions_were_coded_before(care):
    coded = care.diagnoses.groupby(["patient_id", "diagnosis_code"])["updated_at"].min()
    entries = pd.MultiIndex.from_frame(care.registry[["patient_id", "diagnosis_code"]])
    assert (coded.reindex(entries).to_numpy() <= care.registry["updated_at"].to_numpy()).all()
    assert care.registry["registered_on"].max() <= DATA_THROUGH
