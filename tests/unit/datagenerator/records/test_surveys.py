"""Who is asked, who answers, and what: close to what is published, the same whatever is delivered later."""

import pandas as pd
import pytest

from datagenerator.records.surveys import LOADINGS, satisfaction, surveys
from tests.unit.datagenerator.records.conftest import ENDS, SMALL

# CMS, Provider Data Catalog: national HCAHPS top boxes of 2022-2024.
PUBLISHED = {
    "nurse_communication": 0.80,
    "doctor_communication": 0.80,
    "responsiveness": 0.66,
    "medicine_communication": 0.62,
    "discharge_information": 0.86,
    "care_transition": 0.52,
    "cleanliness": 0.73,
    "quietness": 0.62,
    "overall_rating": 0.71,
    "would_recommend": 0.70,
}
HIGHEST = {"discharge_information": 1, "overall_rating": 9}


@pytest.fixture(scope="module")
def images(small):
    return surveys(small, SMALL, 2)


@pytest.fixture(scope="module")
def many(asked):
    arguments, care = asked
    rows = surveys(care, arguments, 0).sort_values("_known").drop_duplicates("survey_id", keep="last")
    ended = care.encounters[care.encounters["discharged_at"].notna()].drop_duplicates("encounter_id")
    context = ["encounter_id", "admitted_at", "discharged_at", "encounter_type", "discharge_disposition"]
    rows = rows.merge(ended[[*context, "unit", "drg", "facility_id", "_stay"]], on="encounter_id", how="left")
    people = care.people.set_index("patient_id")
    return rows.assign(
        age=(rows["admitted_at"] - rows["patient_id"].map(people["birth_date"])).dt.days / 365.25,
        death=rows["patient_id"].map(people["death_date"]),
    )


def hcahps(rows):
    return rows[rows["survey_type"] == "hcahps"]


def test_stays_that_count_are_asked_about_once(many):
    stays = hcahps(many)
    assert len(stays) > 800
    assert set(stays["encounter_type"]) == {"inpatient"}
    assert stays["_stay"].notna().all()
    assert stays["_stay"].is_unique
    assert (stays["age"] >= 18).all()
    assert (stays["discharged_at"].dt.normalize() > stays["admitted_at"].dt.normalize()).all()
    assert (stays["unit"] != "psychiatric").all()
    assert not stays["drg"].isin(["885", "897", "945"]).any()
    assert not stays["discharge_disposition"].isin(["03", "20", "30", "50", "51"]).any()


def test_visits_are_asked_the_one_question(many):
    visits = many[many["survey_type"] == "nps"]
    assert set(visits["encounter_type"]) == {"outpatient", "telehealth", "emergency"}
    assert visits[[name for name in LOADINGS if name != "nps_score"]].isna().all(axis=None)
    assert hcahps(many)["nps_score"].isna().all()


def test_surveys_go_out_after_the_encounter_to_the_living(many):
    days = (many["sent_on"] - many["discharged_at"].dt.normalize()).dt.days
    assert hcahps(many.assign(days=days))["days"].between(2, 42).all()
    assert days.between(1, 42).all()
    assert not (many["death"] <= many["sent_on"]).any()
    assert not (many["death"] <= many["returned_on"]).any()


def test_answers_come_with_the_return_within_the_time_allowed(many):
    back = many["returned_on"].notna()
    assert many.loc[~back, list(LOADINGS)].isna().all(axis=None)
    assert (many.loc[back, "returned_on"] - many.loc[back, "sent_on"]).dt.days.between(0, 42).all()


def test_about_a_quarter_answers_the_old_more_often(many):
    back = many["returned_on"].notna()
    assert back.groupby(many["survey_type"]).mean().between(0.19, 0.30).all()
    assert back[many["age"] > 65].mean() > back[many["age"] < 45].mean() + 0.03


def test_shares_of_top_boxes_are_close_to_the_published_ones(many):
    for name, share in PUBLISHED.items():
        answers = hcahps(many)[name].dropna()
        assert len(answers) > 100
        found = (answers >= HIGHEST.get(name, 4)).mean()
        assert found == pytest.approx(share, abs=3 * (share * (1 - share) / len(answers)) ** 0.5 + 0.04), name
    score = many["nps_score"].dropna()
    assert 0.40 < (score >= 9).mean() - (score <= 6).mean() < 0.60


def test_answers_stay_on_their_scales(many):
    for name in LOADINGS:
        low, high = {"overall_rating": (0, 10), "nps_score": (0, 10), "discharge_information": (0, 1)}.get(
            name, (1, 4)
        )
        assert many[name].dropna().between(low, high).all()


def test_what_a_patient_answers_hangs_together(many):
    back = hcahps(many)[["nurse_communication", "overall_rating", "quietness"]].dropna().astype(float)
    found = back.corr()
    assert found.loc["nurse_communication", "overall_rating"] > found.loc["quietness", "overall_rating"] > 0.1


def latent(**changes):
    """A stay with two hours of boarding, as satisfaction is drawn from it; or a visit."""
    usual = {"survey_id": "S1", "facility_id": "F1", "survey_type": "hcahps", "_stay": 7.0, "_age": 62.0}
    usual |= {"_severity": 0.3, "decided_at": "2024-01-01 10:00", "departed_at": "2024-01-01 12:00"}
    usual |= {"arrived_at": "2024-01-01 08:00", "provider_seen_at": "2024-01-01 08:30"}
    usual |= {"is_left_without_being_seen": None}
    row = pd.DataFrame([usual | changes]).astype({"is_left_without_being_seen": "boolean"})
    times = ["arrived_at", "provider_seen_at", "decided_at", "departed_at"]
    return row.assign(**{name: pd.to_datetime(row[name]) for name in times})


@pytest.mark.parametrize(
    ("changes", "effect"),
    [
        ({"_age": 82.0}, 0.16),
        ({"_severity": 1.3}, -0.10),
        ({"departed_at": "2024-01-01 16:00"}, -0.15),
        ({"departed_at": "2024-01-03 16:00"}, -0.225),
        ({"_stay": 8.0}, -0.6),
    ],
)
def test_satisfaction_follows_age_severity_waiting_and_harm(changes, effect):
    usual, other = (satisfaction(latent(**row), {8}, SMALL)[0] for row in ({}, changes))
    assert other - usual == pytest.approx(effect)


def test_who_waits_for_a_provider_or_gives_up_is_less_content():
    visit = {"survey_type": "nps", "_stay": None}
    usual, late, left = (
        satisfaction(latent(**visit, **row), set(), SMALL)[0]
        for row in (
            {},
            {"provider_seen_at": "2024-01-01 09:30"},
            {"provider_seen_at": None, "is_left_without_being_seen": True},
        )
    )
    assert late - usual == pytest.approx(-0.15)
    assert left - usual == pytest.approx(-1.5 + 0.075)


def test_a_survey_comes_again_when_it_is_returned(supplied):
    arguments, care, _ = supplied
    images = surveys(care, arguments, 2)
    assert not images.duplicated(["survey_id", "_known"]).any()
    again = images[images.duplicated("survey_id", keep=False)].sort_values(["survey_id", "_known"])
    assert len(again) >= 2
    first, last = (again.drop_duplicates("survey_id", keep=keep) for keep in ("first", "last"))
    assert first["returned_on"].isna().all()
    assert last["returned_on"].notna().all()
    assert (last["updated_at"].to_numpy() > first["updated_at"].to_numpy()).all()


def test_nothing_is_told_before_it_happens_or_after_its_period(images):
    assert (images["updated_at"].to_numpy() <= ENDS.to_numpy()[images["_known"]]).all()
    assert (images["sent_on"] <= images["updated_at"]).all()
    assert not (images["returned_on"] > images["updated_at"]).any()


def test_later_deliveries_leave_what_was_known_as_it_was(fewer, images):
    same = images[images["_known"] <= 1].reset_index(drop=True)
    pd.testing.assert_frame_equal(surveys(fewer, SMALL, 1).reset_index(drop=True), same)
