from ml.features.admission import emergency_care
from ml.features.care_of_stay import CARE_COUNTS, care_of_stay
from ml.features.features_readmission import _discharged
from tests.spark.ml.conftest import at
from tests.tables import rows, table


def test_care_counts_over_all_rows_of_the_stay_and_what_was_reported_by_its_end(spark, stays):
    made = stays(
        {
            "encounter_id": "S",
            "encounter_ids": ["S", "T"],
            "admitted_at": at("06-10"),
            "discharged_at": at("06-20"),
        }
    )
    own = {"patient_id": "P1", "encounter_id": "T"}
    diagnoses = [
        own | {"diagnosis_id": "1", "diagnosis_code": "I10", "present_on_admission": "Y"},
        own | {"diagnosis_id": "2", "encounter_id": "S", "diagnosis_code": "I10"},
        own | {"diagnosis_id": "3", "diagnosis_code": "N179", "present_on_admission": "N"},
        own | {"diagnosis_id": "4", "encounter_id": "U", "diagnosis_code": "J189"},
    ]
    procedures = [own | {"procedure_id": "1", "performed_at": at("06-11")}]
    events = [
        own | {"adverse_event_id": "1", "reported_at": at("06-20")},
        own | {"adverse_event_id": "2", "reported_at": at("06-20 13")},
    ]
    counted = care_of_stay(
        made,
        table(spark, "silver/diagnoses", diagnoses),
        table(spark, "gold/fact_procedures", procedures),
        table(spark, "gold/fact_adverse_events", events),
    )
    assert rows(counted, *CARE_COUNTS) == [(2, 1, 1, 1)]


def test_waits_are_known_once_they_are_over(spark, stays):
    times = {"arrived_at": at("06-10 08"), "triaged_at": at("06-10 09"), "provider_seen_at": at("06-10 10")}
    stay = {"encounter_id": "S", "admitted_at": at("06-10"), "predicted_at": at("06-10 09")}
    row = {"encounter_id": "S", "patient_id": "P1", "triage_level": 2} | times
    made = emergency_care(stays(stay), table(spark, "silver/encounters", [row]))
    names = (
        "triage_level",
        "door_to_triage_minutes",
        "door_to_provider_minutes",
        "door_to_admission_minutes",
    )
    assert rows(made, *names) == [(2, 60.0, None, 60.0)]


def test_stays_are_scored_that_are_index_stays_but_for_the_time_still_to_pass(spark, stays):
    ended = {"admitted_at": at("06-10"), "discharged_at": at("06-20")}
    made = stays(
        *({"encounter_id": key} | ended for key in "ABCD"),
        {"encounter_id": "E", "admitted_at": at("06-10")},
    ).drop("predicted_at")
    waits = "no_full_follow_up"
    reasons = {"A": [], "B": [waits], "C": ["died"], "D": ["died", waits], "E": [waits]}
    index = [
        {"encounter_id": key, "patient_id": "P1", "exclusion_reasons": why} for key, why in reasons.items()
    ]
    chosen = _discharged(made, table(spark, "gold/readmission_index", index))
    assert rows(chosen, "encounter_id", "predicted_at") == [("A", at("06-20")), ("B", at("06-20"))]
