from datetime import datetime

import polars as pl

from datagenerator.arguments import Arguments
from datagenerator.calibration.extract import Extract, merged_stays
from datagenerator.extract.layout import LAYOUTS


def encounter(number, admitted, discharged, **other):
    usual = {"patient_id": "P1", "facility_id": "F1", "encounter_type": "inpatient", "unit": "medical"}
    times = {"admitted_at": at(admitted), "discharged_at": at(discharged)}
    return {"encounter_id": number, **usual, **times, "discharge_disposition": "01", **other}


def at(text):
    return datetime.fromisoformat(f"2024-{text}") if text else None


def test_rows_that_touch_or_overlap_are_one_stay_with_the_last_outcome():
    encounters = pl.DataFrame(
        [
            encounter("E1", "01-01T10:00", "01-05T08:00", discharge_disposition="30"),
            encounter("E2", "01-05T08:00", "01-09T12:00", discharge_disposition="20"),
            encounter("E3", "01-20T10:00", "01-20T18:00"),
            encounter("E4", "01-02T10:00", "01-03T10:00", facility_id="F2"),
            encounter("E5", "01-03T10:00", None),
            encounter("E6", "02-01T10:00", "02-01T11:00", encounter_type="outpatient"),
        ]
    )
    diagnoses = pl.DataFrame(
        {"encounter_id": ["E1", "E1", "E2"], "sequence": [1, 2, 1], "diagnosis_code": ["I50", "E11", "J44"]}
    )
    found = merged_stays(encounters, diagnoses).sort("encounter_id")
    assert found.select("encounter_id", "los_days", "diagnosis_code", "discharge_disposition").rows() == [
        ("E1", 8, "I50", "20"),
        ("E3", 1, None, "01"),
        ("E4", 1, None, "01"),
    ]


def test_repeats_and_what_cannot_be_read_are_left_out(tmp_path):
    header = ",".join(LAYOUTS["registry"].columns)
    tail = "asthma,J45909,{},2,active,{}"
    lines = [
        header,
        "G1,P1," + tail.format("2024-01-01", "2024-01-02 10:00:00"),
        "G1,P1," + tail.format("2024-01-05", "2024-01-03 10:00:00"),
        ",P1," + tail.format("2024-01-01", "2024-01-02 10:00:00"),
        "G2,P1," + tail.format("soon", "2024-01-02 10:00:00"),
        "G3,P1,asthma",
    ]
    (tmp_path / "registry.csv").write_text("\n".join(lines) + "\n")
    rows = Extract(Arguments(output=tmp_path)).table("registry").sort("registry_id")
    assert rows.select("registry_id", pl.col("registered_on").cast(pl.String)).rows() == [
        ("G1", "2024-01-05"),
        ("G2", None),
        ("G3", None),
    ]
