"""The code sets of the CMS readmission measure, written out over the codes there are."""

import csv
from pathlib import Path

import pytest

from jobs import reference
from jobs.reference import readmission_codes

VALUE_SETS = Path(__file__).resolve().parents[4] / "shared" / "data" / "value_sets"
"""Lists of the measure, code by code, that are not part of this repository."""
COLUMNS = ("is_always_planned", "is_acute", "readmission_exclusion", "readmission_cohort")
HEADER = "diagnosis_set,code_kind,pattern,ccs_category,source\n"


@pytest.fixture(scope="module")
def sets():
    rows = reference.load("readmission_codes").to_pylist()
    return {row["diagnosis_code"]: tuple(row[name] for name in COLUMNS) for row in rows}


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("A150", (False, True, None, None)),
        ("I5023", (False, True, None, "cardiorespiratory")),
        ("I639", (False, True, None, "neurology")),
        ("C3490", (False, False, "cancer_treatment", None)),
        ("Z5111", (True, False, "cancer_treatment", None)),
        ("F329", (False, False, "psychiatric", None)),
        ("Z5189", (True, False, "rehabilitation", None)),
    ],
)
def test_what_the_measure_makes_of_a_diagnosis(sets, code, expected):
    assert sets[code] == expected


def test_codes_of_no_set_are_left_out(sets):
    assert sets.get("M1711") is None
    assert all(any(values) for values in sets.values())


def written_out(tmp_path, monkeypatch, *lines):
    file = tmp_path / "patterns.csv"
    file.write_text(HEADER + "".join(f"{line},,test\n" for line in lines), encoding="utf-8")
    monkeypatch.setattr(readmission_codes, "PATTERNS", file)
    rows = readmission_codes.load().to_pylist()
    return {row["diagnosis_code"]: tuple(row[name] for name in COLUMNS) for row in rows}


def test_a_pattern_is_all_codes_that_are_like_it(tmp_path, monkeypatch):
    found = written_out(tmp_path, monkeypatch, "acute,icd10cm,I50_", "always_planned,icd10cm,I21%")
    assert {"I501", "I509"} <= set(found)
    assert {"I5023", "I110"} & set(found) == set(), "one character is one, and a pattern begins at the start"
    assert found["I501"] == (False, True, None, None)
    assert found["I2101"] == found["I214"] == (True, False, None, None)


def test_a_category_is_all_its_codes(tmp_path, monkeypatch):
    found = written_out(tmp_path, monkeypatch, "neurology,ccsr,CIR019")
    ccsr = reference.load("ccsr").to_pylist()
    assert set(found) == {row["diagnosis_code"] for row in ccsr if row["ccsr_category"] == "CIR019"}
    assert set(found.values()) == {(False, False, None, "neurology")}


def test_of_several_exclusions_and_cohorts_the_first_by_the_measure_counts(tmp_path, monkeypatch):
    names = ("cancer_treatment", "psychiatric", "rehabilitation", "neurology", "cardiovascular")
    found = written_out(tmp_path, monkeypatch, *(f"{name},icd10cm,I509" for name in names))
    assert found == {"I509": (False, False, "psychiatric", "cardiovascular")}


def test_other_patterns_are_another_version(tmp_path, monkeypatch):
    before = readmission_codes.version()
    written_out(tmp_path, monkeypatch, "acute,icd10cm,I50_")
    assert readmission_codes.version() != before


def value_set(name, column):
    path = VALUE_SETS / f"{name}.csv"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8", newline="") as stream:
        return {row[column] for row in csv.DictReader(stream)}


def test_every_code_that_the_measure_calls_acute_is_acute(sets):
    known = set(reference.load("ccsr").column("diagnosis_code").to_pylist())
    listed = value_set("acute_diagnosis_icd_10_cm", "icd_10_cm") & known
    assert len(listed) > 10_000
    assert {code for code in listed if not sets.get(code, (None, False))[1]} == set()


def test_every_procedure_that_the_measure_calls_potentially_planned_is_so():
    rows = reference.load("readmission_procedures").to_pylist()
    prefixes = {row["code_prefix"] for row in rows if row["planned_kind"] == "potentially"}
    listed = value_set("potentially_planned_icd_10_pcs", "icd_10_pcs")
    assert len(listed) > 2_000
    begun = {code: {code[:length] for length in range(1, 8)} for code in listed}
    assert {code for code, beginnings in begun.items() if not beginnings & prefixes} == set()
