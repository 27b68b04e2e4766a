"""Every rule of the stay measure has cases, and the true stays are what their rows say."""

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.clinical.truth import stays
from datagenerator.organisations import facilities

REASONS = [
    *("under_18", "died", "against_medical_advice", "transferred_out", "same_day_return", "psychiatric"),
    *("rehabilitation", "cancer_treatment", "no_full_follow_up"),
]


@pytest.mark.parametrize("reason", REASONS)
def test_every_reason_of_exclusion_occurs(judged, reason):
    assert judged["exclusion_reasons"].str.split(";").map(lambda reasons: reason in reasons).sum() >= 3


def test_index_and_excluded_are_all_stays(judged, big):
    assert set(judged["stay_class"]) == {"index", "excluded"}
    assert len(judged) == len(big.stays)
    assert ((judged["stay_class"] == "index") == (judged["exclusion_reasons"] == "")).all()


def test_a_true_stay_is_one_visible_stay_and_covers_its_rows(big):
    rows = big.stays.assign(encounter_id=big.stays["encounter_ids"].str.split(";")).explode("encounter_id")
    rows = rows.merge(big.encounters, on="encounter_id", suffixes=("", "_row"))
    spans = rows.groupby("stay_id").agg(
        begin=("admitted_at_row", "min"), end=("discharged_at_row", lambda ends: ends.max(skipna=False))
    )
    true = big.stays.set_index("stay_id").loc[spans.index]
    assert (spans["begin"] == true["admitted_at"]).all()
    closed = spans["end"].notna()
    assert (spans["end"] == true["discharged_at"])[closed].all()
    assert (~closed).sum() > 3


def test_stays_are_cut_into_rows_in_every_way(big):
    rows = big.encounters[big.encounters["_stay"].notna()]
    assert set(rows["bill_frequency"].dropna()) == {"1", "2", "3", "4"}
    pieces = rows.sort_values(["_stay", "admitted_at"]).groupby("_stay")
    assert {2, 3} <= set(pieces.size())
    before_end = pieces["discharged_at"].shift()
    assert (rows["admitted_at"] < before_end).sum() >= 5, "no overlapping rows"
    assert (rows["admitted_at"] == before_end).sum() >= 5, "no rows that touch"
    assert rows.duplicated(["_stay", "admitted_at", "discharged_at"]).any(), "no repeat under a new number"
    nested = (rows["discharged_at"] < before_end).sum()
    assert nested >= 1, "no row inside another"


def test_rows_of_a_stay_agree_on_the_principal_diagnosis(big):
    principal = big.diagnoses[big.diagnoses["sequence"] == 1].set_index("encounter_id")["diagnosis_code"]
    rows = big.encounters[big.encounters["_stay"].notna()]
    assert rows["encounter_id"].map(principal).groupby(rows["_stay"]).nunique().max() == 1


def test_acute_stays_happen_in_hospitals_only(big):
    kinds = facilities(Arguments()).set_index("facility_id")["facility_type"]
    assert set(big.stays["facility_id"].map(kinds)) == {"acute_care", "critical_access"}
    other = big.encounters[(big.encounters["encounter_type"] == "inpatient") & big.encounters["_stay"].isna()]
    assert set(other["facility_id"].map(kinds)) == {"rehabilitation", "psychiatric"}


def test_chains_of_transfers_have_two_and_three_legs(big):
    ordered = big.stays.sort_values(["patient_id", "admitted_at"])
    following = ordered.groupby("patient_id").shift(-1)
    days = (following["admitted_at"].dt.normalize() - ordered["discharged_at"].dt.normalize()).dt.days
    moves = (following["facility_id"] != ordered["facility_id"]) & (days <= 1)
    assert (moves == ordered["transferred"])[following["admitted_at"].notna()].all()
    assert set(days[moves]) == {0, 1}
    assert (moves & moves.shift(fill_value=False)).any()


def test_planned_is_what_was_meant_as_planned(judged):
    ours = judged[judged["kind"] == 2]
    assert len(ours) >= 5
    assert set(ours["is_planned"]) == {"true"}
    assert set(judged.loc[judged["kind"] == 1, "is_planned"]) == {"false"}


def test_first_return_decides(judged):
    ordered = judged.sort_values(["patient_id", "admitted_at"])
    following = ordered.groupby("patient_id").shift(-1)
    days = (following["admitted_at"].dt.normalize() - ordered["discharged_at"].dt.normalize()).dt.days
    index = (ordered["stay_class"] == "index") & (days <= 30)
    assert (ordered["readmitted_30d"] == "false")[index & (following["kind"] == 2)].all()
    assert (ordered["readmitted_30d"] == "true")[index & (following["kind"] == 1)].all()
    assert set(following.loc[index, "kind"]) == {1.0, 2.0}, "a background admission inside the follow-up"
    assert (days[index & (following["kind"] == 1)] == 0).any(), "no return on the day of discharge"


def test_a_lost_stay_is_gone_and_its_neighbours_link(big):
    ordered = big.stays.sort_values(["patient_id", "admitted_at"])
    moved = ordered[ordered["transferred"] & (ordered["patient_id"].shift(-1) == ordered["patient_id"])].iloc[
        0
    ]
    place = ordered.index.get_loc(moved.name)
    target = ordered.iloc[place + 1]
    sound = set(big.encounters["encounter_id"]) - set(target["encounter_ids"].split(";"))
    found = stays(big, sound, pd.Timestamp("2024-12-31 23:59:59")).set_index("encounter_id")
    assert target["encounter_ids"].split(";")[0] not in found.index
    assert "transferred_out" not in found.at[moved["encounter_ids"].split(";")[0], "exclusion_reasons"]


def test_infections_occur_in_their_stays(big):
    hospital = big.infections[~big.infections["present_on_admission"]]
    rows = hospital.merge(big.encounters, on="encounter_id", suffixes=("", "_row"))
    assert (rows["onset_date"] >= rows["admitted_at"].dt.normalize()).all()
    assert not (rows["onset_date"] > rows["discharged_at"]).any()
    assert big.infections["present_on_admission"].any()
    assert len(hospital) >= 3
    assert (big.stays["central_line_days"] <= big.stays["los"]).all()
    assert (big.stays["catheter_days"] <= big.stays["los"]).all()
