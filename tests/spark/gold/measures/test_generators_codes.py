"""The generator's own view of its codes, which the truth rests on, against the code sets of the measure."""

import csv
from pathlib import Path

import pyarrow as pa
import pyarrow.compute as pc

from datagenerator import catalogue
from jobs import reference
from jobs.gold.dimensions.dim_diagnosis import dim_diagnosis
from jobs.gold.measures.planned_care import with_procedures
from tests.tables import table

FOLDER = Path(catalogue.__file__).parent
CODE_SETS = ("icd10cm", "ccsr", "ccsr_categories", "charlson", "ccir", "readmission_codes")


def listed(name):
    with (FOLDER / f"{name}.csv").open(encoding="utf-8", newline="") as stream:
        return list(csv.DictReader(stream))


def of_codes(loaded: pa.Table, codes: set[str]) -> pa.Table:
    """Return the rows of some diagnoses, and all of a table of anything else."""
    if "diagnosis_code" not in loaded.column_names:
        return loaded
    return loaded.filter(pc.is_in(loaded["diagnosis_code"], pa.array(sorted(codes))))


def test_diagnoses_of_admissions_are_what_the_measure_says_of_them(spark):
    expected = {
        row["code"]: (
            row["ccsr"],
            row["always_planned"] == "1",
            row["acute"] == "1",
            row["exclusion"] or None,
        )
        for row in listed("diagnosis_codes")
        if row["use"] == "admission"
    }
    sets = {name: of_codes(reference.load(name), set(expected)) for name in CODE_SETS}
    made = dim_diagnosis(**{name: spark.createDataFrame(loaded) for name, loaded in sets.items()})
    columns = ("ccsr_category", "is_always_planned", "is_acute", "readmission_exclusion")
    assert len(expected) > 100
    assert {row.diagnosis_code: tuple(row[name] for name in columns) for row in made.collect()} == expected


def test_procedures_are_planned_as_the_measure_says(spark):
    planned = {
        row["code"]: row["planned"] for row in listed("procedure_use") if row["code_system"] == "ICD10PCS"
    }
    stays = [{"patient_id": "P1", "encounter_id": code, "encounter_ids": [code]} for code in planned]
    done = [
        {"patient_id": "P1", "encounter_id": code, "procedure_code": code, "code_system": "ICD10PCS"}
        for code in planned
    ]
    found = with_procedures(
        table(spark, "gold/fact_stays", stays),
        table(spark, "gold/fact_procedures", done),
        spark.createDataFrame(reference.load("readmission_procedures")),
    ).collect()
    assert set(planned.values()) == {"always", "potentially", ""}
    assert {
        row.encounter_id: (row.has_always_planned_procedure, row.has_potentially_planned_procedure)
        for row in found
    } == {code: (kind == "always", kind == "potentially") for code, kind in planned.items()}
