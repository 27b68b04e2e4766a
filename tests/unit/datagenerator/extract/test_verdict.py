"""What becomes of delivered rows, on tables small enough to follow by eye."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.extract.layout import LAYOUTS
from datagenerator.extract.text import typed
from datagenerator.extract.verdict import judged

ARGUMENTS = Arguments()


def rows(name, *cells):
    """Return delivered rows; each gives some columns, `updated_at` as a day of January 2025."""
    empty = dict.fromkeys(LAYOUTS[name].columns)
    plain = {"_rules": "", "_has_key": True, "_delivery": 0}
    full = [{**empty, **plain, **c, "updated_at": f"2025-01-{c.get('day', 1):02d}"} for c in cells]
    frame = typed(pd.DataFrame(full), LAYOUTS[name])
    return frame.assign(_row=frame.groupby("_delivery").cumcount() + 1)


def patients(*ids, **more):
    return rows(
        "patients",
        *(
            {"patient_id": p, "effective_date": "2024-01-01", "recorded_at": "2024-01-01", **more}
            for p in ids
        ),
    )


def fates(files, name):
    return judged(files, ARGUMENTS)[name]["_fate"].tolist()


def test_the_latest_sound_row_of_a_key_is_kept():
    one = {"provider_id": "A"}
    table = rows("providers", {**one, "day": 1}, {**one, "day": 3}, {**one, "day": 2})
    assert fates({"providers": table}, "providers") == ["superseded", "kept", "superseded"]


def test_a_spoiled_row_falls_behind_a_newer_sound_one_and_is_quarantined_otherwise():
    bad = {"provider_id": "A", "_rules": "last_name_missing"}
    table = rows("providers", {**bad, "day": 1}, {"provider_id": "A", "day": 2}, {**bad, "day": 3})
    assert fates({"providers": table}, "providers") == ["superseded", "kept", "quarantined"]


def test_of_equal_rows_the_first_by_path_is_kept():
    same = {"provider_id": "A", "day": 2}
    table = rows("providers", same, same, {**same, "_delivery": 1})
    assert fates({"providers": table}, "providers") == ["superseded", "superseded", "kept"]


def test_a_row_without_key_or_time_supersedes_nothing():
    table = rows(
        "providers", {"provider_id": "A"}, {"provider_id": "A", "_has_key": False, "_rules": "nul_byte"}
    )
    assert fates({"providers": table}, "providers") == ["kept", "quarantined"]


def test_children_fall_with_their_patient_and_come_back_with_a_sound_version():
    encounters = rows("encounters", {"encounter_id": "E1", "patient_id": "A"})
    fallen = patients("A", _rules="sex_missing")
    assert fates({"patients": fallen, "encounters": encounters}, "encounters") == ["quarantined"]
    later = patients("A").assign(effective_date=pd.Timestamp("2025-01-01"))
    both = pd.concat([fallen, later], ignore_index=True)
    assert fates({"patients": both, "encounters": encounters}, "encounters") == ["kept"]


def test_an_encounter_of_another_patient_is_no_parent():
    files = {
        "patients": patients("A", "B"),
        "encounters": rows("encounters", {"encounter_id": "E1", "patient_id": "A"}),
        "diagnoses": rows(
            "diagnoses",
            {"diagnosis_id": "D1", "patient_id": "A", "encounter_id": "E1"},
            {"diagnosis_id": "D2", "patient_id": "B", "encounter_id": "E1"},
        ),
    }
    assert fates(files, "diagnoses") == ["kept", "quarantined"]


def test_a_correction_falls_with_its_original_and_both_with_nothing_else():
    original = {"claim_version": "original", "patient_id": "A"}
    reversal = {"claim_version": "reversal", "patient_id": "A"}
    files = {
        "patients": patients("A"),
        "encounters": rows("encounters", {"encounter_id": "E1", "patient_id": "A"}),
        "claims": rows(
            "claims",
            {**original, "claim_id": "C1", "_rules": "payer_id_missing"},
            {**reversal, "claim_id": "C2", "original_claim_id": "C1"},
            {**original, "claim_id": "C3"},
            {**reversal, "claim_id": "C4", "original_claim_id": "C3"},
        ),
    }
    verdict = judged(files, ARGUMENTS)["claims"]
    assert verdict["_fate"].tolist() == ["quarantined", "quarantined", "kept", "kept"]
    assert verdict["_orphan"].tolist() == [False, True, False, False]
