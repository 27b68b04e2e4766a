"""The truth on small worlds written down by hand."""

import pandas as pd
import pytest

from datagenerator.care import Care
from datagenerator.clinical.truth import stays

END = pd.Timestamp("2024-06-30 23:59:59")
ACUTE = "J189"  # pneumonia


def judge(*rows: str, end: pd.Timestamp = END, born: str = "1950-05-05") -> dict[str, tuple[str, ...]]:
    """Judge rows written as `id facility admitted discharged disposition [diagnosis] [procedure]`.

    Rows whose ids share all but the last letter are rows of one true stay.
    """
    cells = [row.split() for row in rows]
    cells = [[*cell, *(ACUTE, "")[len(cell) - 5 :]] for cell in cells]
    frame = pd.DataFrame(
        cells,
        columns=["encounter_id", "facility_id", "admitted", "discharged", "disposition", "code", "procedure"],
    )
    times = {
        name: pd.to_datetime(frame[name], format="%m-%d/%H", errors="coerce")
        for name in ("admitted", "discharged")
    }
    leap = pd.DateOffset(years=124)
    encounters = pd.DataFrame(
        {
            "encounter_id": frame["encounter_id"],
            "patient_id": "P1",
            "facility_id": frame["facility_id"],
            "admitted_at": times["admitted"] + leap,
            "discharged_at": times["discharged"] + leap,
            "discharge_disposition": frame["disposition"],
            "_stay": frame["encounter_id"].str[:1].map(ord).astype(float),
            "updated_at": pd.Timestamp("2024-06-30"),
        }
    )
    codes = frame[["encounter_id"]].assign(diagnosis_code=frame["code"], sequence=1)
    done = frame[["encounter_id"]].assign(procedure_code=frame["procedure"])
    number = encounters["_stay"].drop_duplicates().astype(int)
    true = pd.DataFrame({"stay_id": number, "p_readmitted_30d": 0.5, "expected_los_days": 3.0})
    true["birth_date"] = pd.Timestamp(born)
    none = pd.DataFrame()
    care = Care(none, none, encounters, codes, done[done["procedure_code"] != ""], none, true, none)
    found = stays(care, set(frame["encounter_id"]), end)
    names = ["exclusion_reasons", "is_planned", "readmitted_30d", "readmitted_60d", "readmitted_90d"]
    return {row["encounter_id"]: tuple(row[names]) for _, row in found.iterrows()}


def reasons(*rows: str, **world: str) -> dict[str, str]:
    return {key: value[0] for key, value in judge(*rows, **world).items()}


def flags(*rows: str) -> tuple[str, ...]:
    return judge(*rows)["a1"][2:]


@pytest.mark.parametrize(
    ("second", "expected"),
    [
        (
            "b1 H1 01-10/20 01-12/10 01 I214",
            ("true", "true", "true"),
        ),  # day 0, same hospital, other condition
        ("b1 H1 01-11/09 01-12/10 01", ("true", "true", "true")),  # day 1, same hospital
        ("b1 H2 01-12/09 01-14/10 01", ("true", "true", "true")),  # day 2, any hospital
        ("b1 H2 02-09/09 02-14/10 01", ("true", "true", "true")),  # day 30
        ("b1 H2 02-10/09 02-14/10 01", ("false", "true", "true")),  # day 31
        ("b1 H2 03-20/09 03-24/10 01", ("false", "false", "true")),  # day 70
        ("b1 H1 01-20/09 01-22/10 01 Z5111", ("false", "false", "false")),  # always planned diagnosis
        ("b1 H1 01-20/09 01-22/10 01 C9000 30243Y0", ("false", "false", "false")),  # always planned procedure
        ("b1 H1 01-20/09 01-22/10 01 M1711 0SRC0J9", ("false", "false", "false")),  # potentially, not acute
        ("b1 H1 01-20/09 01-22/10 01 I214 027034Z", ("true", "true", "true")),  # potentially, but acute
    ],
)
def test_what_a_return_counts_as(second, expected):
    assert flags("a1 H1 01-05/10 01-10/15 01", second) == expected


def test_a_planned_return_hides_a_later_unplanned_one():
    planned = "b1 H1 01-15/09 01-17/10 01 Z5111"
    later = "c1 H1 01-25/09 01-27/10 01"
    assert flags("a1 H1 01-05/10 01-10/15 01", planned, later)[0] == "false"


def test_transfer_excludes_all_but_the_last_leg_and_the_return_counts_for_that():
    found = judge(
        "a1 H1 01-05/10 01-06/15 02",
        "b1 H2 01-06/18 01-07/15 01",  # whatever the code says
        "c1 H1 01-08/03 01-12/15 01",
        "d1 H1 01-20/03 01-22/15 01",
    )
    assert {key: value[0] for key, value in found.items()} == {
        "a1": "transferred_out",
        "b1": "transferred_out",
        "c1": "",
        "d1": "",
    }
    assert found["a1"][2] == ""
    assert found["c1"][2] == "true"


def test_transfer_code_without_an_admission_elsewhere_is_no_transfer():
    assert reasons("a1 H1 01-05/10 01-06/15 02") == {"a1": ""}


def test_admission_elsewhere_two_days_later_is_no_transfer():
    assert reasons("a1 H1 01-05/10 01-06/15 02", "b1 H2 01-08/01 01-09/15 01")["a1"] == ""


def test_same_day_same_condition_is_a_combined_stay():
    same = reasons("a1 H1 01-05/10 01-10/12 01", "b1 H1 01-10/20 01-12/10 01")
    assert same == {"a1": "same_day_return", "b1": ""}
    assert reasons("a1 H1 01-05/10 01-10/12 01", "b1 H1 01-11/00 01-12/10 01")["a1"] == ""


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("a1 H1 01-05/10 01-10/12 20", "died"),
        ("a1 H1 01-05/10 01-10/12 07", "against_medical_advice"),
        ("a1 H1 01-05/10 01-10/12 01 F332", "psychiatric"),
        ("a1 H1 01-05/10 01-10/12 01 Z5189", "rehabilitation"),
        ("a1 H1 01-05/10 01-10/12 01 C3490", "cancer_treatment"),
        ("a1 H1 05-25/10 05-31/12 01", ""),
        ("a1 H1 05-25/10 06-01/12 01", "no_full_follow_up"),
        ("a1 H1 05-25/10 - 30", "no_full_follow_up"),
        ("a1 H1 06-05/10 06-10/12 20 C3490", "died;cancer_treatment;no_full_follow_up"),
    ],
)
def test_reasons_of_exclusion(row, expected):
    assert reasons(row) == {"a1": expected}


@pytest.mark.parametrize(("born", "expected"), [("2006-01-05", ""), ("2006-01-06", "under_18")])
def test_adults_begin_on_their_eighteenth_birthday(born, expected):
    assert reasons("a1 H1 01-05/10 01-10/12 01", born=born) == {"a1": expected}


def test_long_flags_are_empty_until_their_days_have_passed():
    assert flags("a1 H1 04-25/10 05-02/12 01", "b1 H1 05-10/10 05-12/12 01") == ("true", "", "")
    assert flags("a1 H1 04-25/10 05-01/12 01") == ("false", "false", "")


def test_rows_that_touch_or_overlap_are_one_stay_through_a_third():
    found = reasons(
        "a1 H1 01-05/10 01-09/08 01",
        "a2 H1 01-08/08 01-12/08 01",
        "a3 H1 01-12/08 01-15/12 20",
        "a4 H1 01-06/08 01-07/08 01",
    )
    assert found == {"a1": "died"}


def test_overlapping_rows_at_two_hospitals_stay_two():
    assert set(reasons("a1 H1 01-05/10 01-09/08 01", "b1 H2 01-09/08 01-12/08 01")) == {"a1", "b1"}
