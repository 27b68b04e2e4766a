"""Every rule that a row breaks is among its reasons or warnings, and only those."""

from dataclasses import replace
from datetime import datetime

import pytest

from carelake.contract import Rule
from carelake.quality.judge import judge
from tests.builders import bronze, delivered, judged
from tests.tables import contract, table

PATIENT = [{"patient_id": "P1"}]
ENCOUNTER = [
    {
        "patient_id": "P1",
        "encounter_id": "E1",
        "admitted_at": datetime(2024, 3, 1, 10, 0),
        "discharged_at": datetime(2024, 3, 5, 12, 0),
    },
    {"patient_id": "P1", "encounter_id": "OPEN", "admitted_at": datetime(2024, 3, 1, 10, 0)},
]
CODES = [{"observation_code": "718-7", "unit": "g/dL", "plausible_low": 2.0, "plausible_high": 25.0}]
PROTOCOLS = [{"protocol_code": "SEP-ABX", "condition": "sepsis"}]
ERRORS = {
    "encounters": [
        ({}, []),
        ({"encounter_id": ""}, ["encounter_id_missing"]),
        ({"facility_id": " "}, ["facility_id_missing"]),
        ({"admitted_at": "soon"}, ["admitted_at_unparseable"]),
        ({"discharged_at": "2024-02-30 00:00:00"}, ["discharged_at_unparseable"]),
        ({"discharged_at": "2024-02-28 00:00:00"}, ["discharge_before_admission"]),
        ({"discharged_at": ""}, []),
        ({"admitted_at": "2024-03-07 00:00:00", "discharged_at": ""}, ["admission_in_future"]),
        ({"updated_at": ""}, ["updated_at_missing"]),
        ({"patient_id": "P9"}, ["orphan"]),
        ({"patient_id": ""}, ["patient_id_missing"]),
        ({"facility_id": None}, ["facility_id_missing"]),
        (
            {"patient_id": "P9", "facility_id": "", "discharged_at": "never"},
            ["discharged_at_unparseable", "facility_id_missing", "orphan"],
        ),
    ],
    "claims": [
        ({}, []),
        ({"encounter_id": ""}, []),
        ({"encounter_id": "E9"}, ["orphan"]),
        ({"patient_id": "P9"}, ["orphan"]),
        ({"billed_amount": "-1.00"}, ["billed_amount_negative"]),
        ({"paid_amount": "-0.01"}, ["paid_amount_negative"]),
        ({"billed_amount": "1.2.3"}, ["billed_amount_unparseable"]),
        ({"service_to": "2024-02-29"}, ["service_dates_reversed"]),
        ({"submitted_at": "2024-02-29 00:00:00"}, ["submitted_before_service"]),
        ({"claim_version": "adjustment"}, ["original_claim_missing"]),
        ({"claim_version": "reversal", "billed_amount": "-1.00"}, ["original_claim_missing"]),
        ({"claim_version": "adjustment", "original_claim_id": "C77"}, ["orphan"]),
    ],
    "patients": [
        ({"birth_date": "2020-01-03"}, ["birth_in_future"]),
        ({"death_date": "1950-05-16"}, ["death_before_birth"]),
        (
            {"effective_date": "x", "recorded_at": "", "sex": ""},
            ["effective_date_unparseable", "recorded_at_missing", "sex_missing"],
        ),
    ],
    "observations": [
        ({}, []),
        ({"observed_at": "2024-03-02 00:00:00"}, ["observed_in_future"]),
        ({"value": ""}, ["value_missing"]),
        ({"value": "high"}, ["value_unparseable"]),
        ({"encounter_id": "E9", "observed_at": "2023-01-01 00:00:00"}, ["orphan"]),
    ],
    "treatments": [
        ({}, []),
        ({"encounter_id": "E1"}, []),
        ({"encounter_id": "E9"}, ["orphan"]),
        ({"planned_end_on": "2024-02-29"}, ["planned_end_before_start"]),
        ({"started_on": "2024-03-03"}, ["started_in_future"]),
        (
            {"ended_on": "2024-02-29", "status": "completed", "outcome": "stable"},
            ["treatment_dates_reversed"],
        ),
        ({"ended_on": "2024-03-03", "status": "completed", "outcome": "stable"}, ["ended_in_future"]),
    ],
}
WARNINGS = {
    "encounters": [
        ({}, []),
        ({"encounter_type": "IP"}, ["encounter_type_repaired"]),
        ({"encounter_type": "spa"}, ["encounter_type_unknown"]),
        ({"encounter_type": "SPA"}, ["encounter_type_repaired", "encounter_type_unknown"]),
        ({"encounter_id": "e1 "}, ["encounter_id_repaired"]),
        ({"admitted_at": "2024-03-01T10:00:00Z"}, ["admitted_at_repaired"]),
        ({"admitting_diagnosis_code": "i50.9"}, ["admitting_diagnosis_code_repaired"]),
        ({"discharged_at": "2025-03-05 12:00:00"}, ["stay_implausible"]),
        ({"drg": " "}, []),
        ({"_rescued": '{"_encoding": "latin-1"}'}, ["encoding_repaired"]),
        ({"_rescued": '{"shoe_size": "44"}'}, []),
    ],
    "claims": [
        ({"billed_amount": "$100.00"}, ["billed_amount_repaired"]),
        ({"allowed_amount": "100.01"}, ["allowed_above_billed"]),
        ({"claim_status": "denied"}, ["denial_code_missing"]),
        ({"claim_status": "rejected", "denial_code": "CO-50"}, ["claim_status_repaired"]),
    ],
    "patients": [
        ({"sex": "woman"}, ["sex_repaired"]),
        ({"sex": "X"}, ["sex_unknown"]),
        ({"zip": "123"}, ["zip_malformed"]),
    ],
    "observations": [
        ({}, []),
        ({"value": "1.9"}, ["value_implausible"]),
        ({"value": "25.1"}, ["value_implausible"]),
        ({"value": "25"}, []),
        ({"unit": "G/DL"}, ["unit_repaired"]),
        ({"unit": "mg/dL"}, ["unit_unexpected"]),
        ({"unit": "stone"}, ["unit_unexpected", "unit_unknown"]),
        ({"observation_code": "1-1", "value": "-7", "unit": "kg"}, []),
        ({"observed_at": "2024-03-01 09:59:59"}, ["observed_outside_encounter"]),
        ({"observed_at": "2024-03-01 10:00:00"}, []),
        (
            {"observed_at": "2024-03-05 12:00:01", "updated_at": "2024-03-06 00:00:00"},
            ["observed_outside_encounter"],
        ),
        (
            {
                "encounter_id": "OPEN",
                "observed_at": "2024-03-05 12:00:01",
                "updated_at": "2024-03-06 00:00:00",
            },
            [],
        ),
        ({"encounter_id": "E9", "observed_at": "2023-01-01 00:00:00"}, []),
    ],
    "treatments": [
        ({}, []),
        ({"status": "active"}, ["status_repaired"]),
        ({"condition": "stroke"}, ["condition_mismatch"]),
        ({"condition": "stroke", "protocol_code": "ZZ-9"}, []),
        ({"started_on": "2024-02-29"}, []),
        ({"started_on": "2024-02-29", "encounter_id": "E1"}, ["started_before_encounter"]),
        ({"started_on": "2024-03-01", "encounter_id": "E1"}, []),
        ({"status": "completed", "outcome": "stable"}, ["status_contradicts_end"]),
        ({"ended_on": "2024-03-02"}, ["status_contradicts_end"]),
        ({"ended_on": "2024-03-02", "status": "completed"}, ["outcome_missing"]),
        (
            {"ended_on": "2024-03-02", "status": "discontinued", "outcome": "stable"},
            ["stop_reason_missing"],
        ),
    ],
}


def row(name, changes):
    rescued = {key: value for key, value in changes.items() if key.startswith("_")}
    return delivered(name, **{k: v for k, v in changes.items() if k not in rescued}) | rescued


def listed(cases):
    return [(name, position) for name, found in cases.items() for position in range(len(found))]


@pytest.fixture(scope="module")
def found(spark):
    def of(cases, column):
        parents = {
            "patients": {},
            "encounters": {"patients": PATIENT},
            "claims": {"patients": PATIENT, "encounters": ENCOUNTER},
            "observations": {"patients": PATIENT, "encounters": ENCOUNTER, "dim_observation": CODES},
            "treatments": {"patients": PATIENT, "encounters": ENCOUNTER, "dim_protocol": PROTOCOLS},
        }
        return {
            name: [
                one[column]
                for one in judged(spark, name, [row(name, changes) for changes, _ in known], **parents[name])
            ]
            for name, known in cases.items()
        }

    return of


@pytest.fixture(scope="module")
def reasons(found):
    return found(ERRORS, "_reasons")


@pytest.fixture(scope="module")
def warnings(found):
    return found(WARNINGS, "_warnings")


@pytest.mark.parametrize(("name", "position"), listed(ERRORS))
def test_a_row_bears_all_the_error_rules_it_breaks(reasons, name, position):
    changes, expected = ERRORS[name][position]
    assert reasons[name][position] == expected, changes


@pytest.mark.parametrize(("name", "position"), listed(WARNINGS))
def test_a_row_bears_all_the_warning_rules_it_breaks(warnings, name, position):
    changes, expected = WARNINGS[name][position]
    assert warnings[name][position] == expected, changes


def test_a_malformed_line_breaks_just_one_rule_and_keeps_its_text(spark):
    text = 'E1,"P1,360001'
    rescued = '{"_malformed": "unclosed_quote", "_line": "E1,\\"P1,360001"}'
    (one,) = judged(spark, "encounters", [{"_rescued": rescued}], patients=PATIENT)
    assert (one["_reasons"], one["_raw"], one["_outcome"]) == (["unclosed_quote"], text, "quarantine")


def test_the_raw_text_is_the_row_as_it_was_delivered(spark):
    bad = delivered("providers", provider_id=" d1", active_from="2024-13-01", npi=None)
    (one,) = judged(spark, "providers", [bad])
    assert one["_raw"] == (
        '{"provider_id":" d1","first_name":"","last_name":"Ray","specialty":"cardiology","facility_id":"",'
        '"state":"","active_from":"2024-13-01","active_to":"","updated_at":"2020-01-01 00:00:00"}'
    )


def test_a_row_that_contradicts_the_one_it_refers_to_may_be_bad(spark):
    rule = Rule("too_early", "encounters.admitted_at >= timestamp'2024-01-01'", "After 2023.", "error")
    of = replace(contract("silver/diagnoses"), rules=(rule,))
    stays = [
        {"patient_id": "P1", "encounter_id": f"E{n}", "admitted_at": datetime(2022 + n, 1, 1)} for n in (1, 2)
    ]
    parents = {
        "patients": table(spark, "silver/patients", PATIENT),
        "encounters": table(spark, "silver/encounters", stays),
    }
    rows = [delivered("diagnoses", diagnosis_id=f"X{n}", encounter_id=f"E{n}") for n in (1, 2, 3)]
    found = judge(of, bronze(spark, "diagnoses", rows), parents).orderBy("_source_row").collect()
    assert [(row["_reasons"], row["_outcome"]) for row in found] == [
        (["too_early"], "quarantine"),
        ([], "silver"),
        (["orphan"], "quarantine"),
    ]
    assert [row["_raw"] is None for row in found] == [False, True, False]
