"""Rules of medications, claims and their reviews, beds and staffing: what is missing breaks none of them."""

import pytest

from tests.builders import delivered, verdicts

PARENTS = {
    "patients": [{"patient_id": "P1"}],
    "encounters": [{"patient_id": "P1", "encounter_id": "E1"}],
    "claims": [{"patient_id": "P1", "claim_id": "C1"}],
}
WARD = {"facility_id": "360001", "unit": "icu", "updated_at": "2024-03-02 05:00:00"}
SOUND = {
    "medications": {
        "medication_id": "M1",
        "patient_id": "P1",
        "encounter_id": "E1",
        "source": "administered",
        "drug_code": "314076",
        "code_system": "RXNORM",
        "ordered_at": "2024-03-01 10:00:00",
        "started_on": "2024-03-01",
        "ended_on": "2024-03-01",
        "quantity": "2",
        "days_supply": "1",
        "base_cost": "3.00",
        "total_cost": "3.00",
        "payer_paid_amount": "2.00",
        "patient_paid_amount": "1.00",
        "updated_at": "2024-03-01 18:00:00",
    },
    "claims": delivered("claims", encounter_id="", provider_id="D1", referring_provider_id="D2"),
    "claim_reviews": {
        "review_id": "V1",
        "claim_id": "C1",
        "patient_id": "P1",
        "selected_by": "referral",
        "selected_on": "2024-04-01",
        "reviewed_on": "2024-06-01",
        "finding": "confirmed_fraud",
        "scheme_found": "upcoding",
        "recovered_amount": "10.00",
        "updated_at": "2024-06-01 12:00:00",
    },
    "beds": WARD
    | {"bed_date": "2024-03-01", "licensed_beds": "8", "staffed_beds": "6", "occupied_beds": "7"},
    "staffing": WARD
    | {"shift_date": "2024-03-01", "role": "RN", "hours_worked": "60.0", "overtime_hours": "3.0"}
    | {"agency_hours": "12.0", "head_count": "9", "leavers": "0", "payroll_amount": "2400.00"},
}
CASES = [
    ("medications", {}, [], []),
    ("medications", {"ended_on": "2024-02-29"}, ["ended_before_start"], []),
    ("medications", {"ordered_at": "2024-03-01 23:00:00"}, [], []),
    ("medications", {"ordered_at": "2024-03-02 00:00:00"}, ["started_before_ordered"], []),
    ("medications", {"updated_at": "2024-02-29 23:00:00"}, ["started_in_future"], []),
    ("medications", {"days_supply": "0"}, ["days_supply_not_positive"], []),
    ("medications", {"days_supply": "184"}, [], ["days_supply_implausible"]),
    ("medications", {"quantity": "0"}, ["quantity_not_positive"], []),
    ("medications", {"quantity": "1001"}, [], ["quantity_implausible"]),
    ("medications", {"base_cost": "-0.01"}, ["base_cost_negative"], []),
    ("medications", {"payer_paid_amount": "-2.00"}, ["payer_paid_amount_negative"], []),
    ("medications", {"payer_paid_amount": "2.01"}, ["amounts_mismatch"], []),
    ("medications", {"total_cost": ""}, ["total_cost_missing"], []),
    ("medications", {"encounter_id": ""}, ["administered_without_encounter"], []),
    ("medications", {"encounter_id": "", "source": "pharmacy"}, [], ["source_repaired"]),
    ("medications", {"encounter_id": "E9"}, ["orphan"], []),
    ("claims", {}, [], []),
    ("claims", {"referring_provider_id": "D1"}, [], ["referred_to_self"]),
    ("claims", {"referring_provider_id": ""}, [], []),
    ("claims", {"modifier": "X"}, [], ["modifier_malformed"]),
    ("claims", {"modifier": "xu"}, [], ["modifier_repaired"]),
    ("claims", {"place_of_service": "98"}, [], ["place_of_service_unknown"]),
    ("claim_reviews", {}, [], []),
    ("claim_reviews", {"reviewed_on": "2024-03-31"}, ["reviewed_before_selected"], []),
    ("claim_reviews", {"updated_at": "2024-03-31 12:00:00"}, ["selected_in_future"], []),
    ("claim_reviews", {"recovered_amount": "-0.01"}, ["recovered_amount_negative"], []),
    ("claim_reviews", {"reviewed_on": ""}, ["finding_without_review"], []),
    ("claim_reviews", {"finding": ""}, [], ["finding_missing"]),
    ("claim_reviews", {"reviewed_on": "", "finding": "", "scheme_found": ""}, [], []),
    ("claim_reviews", {"finding": "no_finding"}, [], ["scheme_without_fraud"]),
    ("claim_reviews", {"finding": "suspected_fraud"}, [], []),
    ("claim_reviews", {"claim_id": "C9"}, ["orphan"], []),
    ("beds", {}, [], []),
    ("beds", {"occupied_beds": "-1"}, ["beds_negative"], []),
    ("beds", {"staffed_beds": "", "occupied_beds": "0"}, ["staffed_beds_missing"], []),
    ("beds", {"staffed_beds": "9"}, [], ["staffed_above_licensed"]),
    ("staffing", {}, [], []),
    ("staffing", {"overtime_hours": "-3.0"}, ["hours_negative"], []),
    ("staffing", {"overtime_hours": "48.0"}, [], []),
    ("staffing", {"overtime_hours": "48.01"}, ["parts_above_hours"], []),
    ("staffing", {"leavers": "10"}, ["leavers_above_head_count"], []),
    ("staffing", {"payroll_amount": "-1"}, ["payroll_negative"], []),
    ("staffing", {"head_count": "0"}, [], ["hours_without_staff"]),
    ("staffing", {"role": "CNA"}, [], ["role_repaired"]),
]


@pytest.fixture(scope="module")
def judgements(spark):
    return verdicts(spark, SOUND, [(name, changes) for name, changes, *_ in CASES], PARENTS)


@pytest.mark.parametrize("number", range(len(CASES)))
def test_a_row_bears_the_rules_it_breaks(judgements, number):
    name, changes, errors, warnings = CASES[number]
    assert judgements[number] == (errors, warnings), (name, changes)
