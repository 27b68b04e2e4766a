"""Rules of emergency times, surveys and adverse events: what is missing breaks none of them."""

import pytest

from tests.builders import delivered, verdicts

PARENTS = {
    "patients": [{"patient_id": "P1"}],
    "encounters": [{"patient_id": "P1", "encounter_id": "E1"}],
}
SOUND = {
    "encounters": delivered(
        "encounters",
        encounter_type="emergency",
        arrived_at="2024-03-01 10:00:00",
        triaged_at="2024-03-01 10:10:00",
        provider_seen_at="2024-03-01 10:30:00",
        decided_at="2024-03-01 12:00:00",
        departed_at="2024-03-01 12:20:00",
        triage_level="3",
    ),
    "surveys": {
        "survey_id": "S1",
        "patient_id": "P1",
        "encounter_id": "E1",
        "survey_type": "hcahps",
        "sent_on": "2024-03-10",
        "returned_on": "2024-03-20",
        "quietness": "4",
        "overall_rating": "10",
        "updated_at": "2024-03-20 18:00:00",
    },
    "adverse_events": {
        "adverse_event_id": "A1",
        "patient_id": "P1",
        "encounter_id": "E1",
        "facility_id": "360001",
        "event_type": "fall_with_injury",
        "severity": "mild",
        "occurred_at": "2024-03-02 03:00:00",
        "reported_at": "2024-03-02 04:00:00",
        "is_preventable": "true",
        "status": "closed",
        "updated_at": "2024-03-20 00:00:00",
    },
}
OUT_OF_ORDER = "emergency_times_out_of_order"
CASES = [
    ("encounters", {}, [], []),
    ("encounters", {"triaged_at": "2024-03-01 09:59:00"}, [OUT_OF_ORDER], []),
    ("encounters", {"triaged_at": "2024-03-01 10:30:00"}, [], []),
    ("encounters", {"triaged_at": "2024-03-01 10:31:00"}, [OUT_OF_ORDER], []),
    ("encounters", {"departed_at": "2024-03-01 10:31:00"}, [OUT_OF_ORDER], []),
    ("encounters", {"provider_seen_at": "", "decided_at": ""}, [], []),
    ("encounters", {"provider_seen_at": "", "decided_at": "2024-03-01 09:00:00"}, [OUT_OF_ORDER], []),
    ("encounters", {"arrived_at": "", "triaged_at": "", "departed_at": ""}, [], []),
    ("encounters", {"arrived_at": "2024-02-29 10:00:00"}, [], ["emergency_wait_implausible"]),
    ("encounters", {"arrived_at": "2024-02-29 10:30:00"}, [], []),
    ("encounters", {"triage_level": "6"}, [], ["triage_level_implausible"]),
    ("surveys", {}, [], []),
    ("surveys", {"returned_on": "2024-03-09"}, ["returned_before_sent"], []),
    ("surveys", {"returned_on": "2024-03-21"}, ["survey_in_future"], []),
    ("surveys", {"returned_on": ""}, [], ["answered_before_return"]),
    ("surveys", {"returned_on": "", "quietness": "", "overall_rating": ""}, [], []),
    ("surveys", {"quietness": "0"}, ["answer_out_of_scale"], []),
    ("surveys", {"care_transition": "5"}, ["answer_out_of_scale"], []),
    ("surveys", {"discharge_information": "2"}, ["answer_out_of_scale"], []),
    ("surveys", {"overall_rating": "0"}, [], []),
    ("surveys", {"nps_score": "11"}, ["answer_out_of_scale"], []),
    ("surveys", {"survey_type": "CAHPS"}, [], ["survey_type_repaired"]),
    ("surveys", {"mode": "telephone"}, [], ["mode_repaired"]),
    ("surveys", {"encounter_id": "E9"}, ["orphan"], []),
    ("adverse_events", {}, [], []),
    ("adverse_events", {"reported_at": "2024-03-02 02:59:59"}, ["reported_before_occurred"], []),
    ("adverse_events", {"reported_at": "2024-03-20 00:00:01"}, ["reported_in_future"], []),
    ("adverse_events", {"severity": "none"}, [], ["injury_without_harm"]),
    ("adverse_events", {"severity": "no harm", "event_type": "fall"}, [], ["severity_repaired"]),
    ("adverse_events", {"is_preventable": ""}, [], ["review_without_finding"]),
    ("adverse_events", {"is_preventable": "", "status": "open"}, [], []),
    ("adverse_events", {"event_type": "VTE"}, [], ["event_type_repaired"]),
]


@pytest.fixture(scope="module")
def judgements(spark):
    return verdicts(spark, SOUND, [(name, changes) for name, changes, *_ in CASES], PARENTS)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_row_bears_the_rules_it_breaks(judgements, number):
    name, changes, errors, warnings = CASES[number]
    assert judgements[number] == (errors, warnings), (name, changes)
