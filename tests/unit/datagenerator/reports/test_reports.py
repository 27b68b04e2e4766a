"""What facilities report, held against the few stays it is counted from."""

import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.reports.census import COUNTS, census
from datagenerator.reports.infections import hai_data
from datagenerator.reports.measures import cms_measures, measure_counts

ARGUMENTS = Arguments()
LAST = pd.Timestamp("2025-02-28 23:59:59")
T = pd.Timestamp


def stay(number, patient, admitted, discharged, **more):
    return {
        "encounter_ids": f"E00000000{number:04d}",
        "patient_id": patient,
        "facility_id": "F1",
        "unit": "icu",
        "admitted_at": T(admitted),
        "discharged_at": T(discharged),
        "central_line_days": 0,
        "catheter_days": 0,
        "is_surgical": False,
        "died": False,
        "against_advice": False,
        **more,
    }


def encounter(number, kind, admitted, discharged, admit_type):
    return {
        "encounter_id": f"E00000000{number:04d}",
        "patient_id": "A",
        "facility_id": "F1",
        "encounter_type": kind,
        "admitted_at": T(admitted),
        "discharged_at": T(discharged),
        "admit_type": admit_type,
    }


STAYS = [
    stay(1, "A", "2024-12-30 10:00", "2025-01-03 09:00", central_line_days=2),
    stay(2, "A", "2025-01-20 10:00", "2025-01-20 18:00", catheter_days=1, is_surgical=True),
    stay(3, "B", "2024-10-01 10:00", "2024-10-02 10:00", died=True),
]
ENCOUNTERS = [
    encounter(1, "inpatient", "2024-12-30 10:00", "2025-01-03 09:00", "1"),
    encounter(2, "inpatient", "2025-01-20 10:00", "2025-01-20 18:00", "3"),
    encounter(4, "emergency", "2025-01-09 10:00", "2025-01-09 12:00", "1"),
]
INFECTIONS = [
    ("E000000000001", "F1", "icu", "CLABSI", T("2025-01-02"), False),
    ("E000000000001", "F1", "icu", "CDI", T("2024-12-30"), True),
]
FACILITIES = pd.DataFrame(
    {"facility_id": ["F1", "F2"], "facility_type": ["acute_care", "clinic"]}
    | {
        f"beds_{unit}": [int(unit == "icu"), 0]
        for unit in ("medical", "surgical", "icu", "maternity", "psychiatric")
    }
)


@pytest.fixture(scope="module")
def care():
    nothing = pd.DataFrame()
    names = ["encounter_id", "facility_id", "unit", "infection_type", "onset_date", "present_on_admission"]
    return Care(
        people=nothing,
        patients=nothing,
        encounters=pd.DataFrame(ENCOUNTERS),
        diagnoses=nothing,
        procedures=nothing,
        registry=nothing,
        stays=pd.DataFrame(STAYS),
        infections=pd.DataFrame(INFECTIONS, columns=names),
    )


def counts_of(rows, month, known):
    found = rows[(rows["month"] == T(month)) & (rows["_known"] == known)]
    return {name: int(found[name].iloc[0]) for name in COUNTS if found[name].iloc[0]}


def test_days_devices_operations_and_infections_by_month(care):
    sums = census(care, ARGUMENTS, 2, LAST)
    rows = hai_data(sums, FACILITIES, ARGUMENTS, 2)
    assert counts_of(rows, "2024-12-01", 0) == {"patient_days": 2, "central_line_days": 2}
    assert counts_of(rows, "2025-01-01", 1) == {
        "patient_days": 3,
        "urinary_catheter_days": 1,
        "surgical_procedures": 1,
        "clabsi_events": 1,
    }
    assert counts_of(rows, "2024-10-01", 0) == {"patient_days": 1}


def test_every_unit_with_beds_reports_each_month_once_in_its_period(care):
    rows = hai_data(census(care, ARGUMENTS, 2, LAST), FACILITIES, ARGUMENTS, 2)
    assert set(rows["facility_id"] + rows["unit"]) == {"F1icu"}
    assert rows.groupby("_known").size().to_dict() == {0: 36, 1: 1, 2: 1}
    december = rows[rows["month"] == T("2024-12-01")].iloc[0]
    assert december["clabsi_predicted"] == pytest.approx(2 * 0.0012)
    assert december["updated_at"] <= T("2024-12-31 23:59:59")


def test_blocks_add_up_in_any_order(care):
    whole = census(care, ARGUMENTS, 2, LAST)
    parts = []
    for patient in ("B", "A"):
        some = care.stays[care.stays["patient_id"] == patient]
        ids = care.infections[care.infections["encounter_id"].isin(some["encounter_ids"])]
        parts.append(census(Care(**{**care.__dict__, "stays": some, "infections": ids}), ARGUMENTS, 2, LAST))
    assert parts[0].add(parts[1], fill_value=0).astype("int64").equals(whole)


def measures(care):
    """Return (measure, first day, period known) to (numerator, denominator, last day)."""
    rows = cms_measures(measure_counts(care, ARGUMENTS, 2, LAST), ARGUMENTS, 2)
    first, last = rows["period_start"].astype(str), rows["period_end"].astype(str)
    keys = zip(rows["measure_id"], first, rows["_known"], strict=True)
    return dict(zip(keys, zip(rows["numerator"], rows["denominator"], last, strict=True), strict=True))


def test_measures_count_discharges_returns_and_emergency_visits(care):
    found = measures(care)
    assert found["IP_MORTALITY", "2024-10-01", 0] == (1, 1, "2024-12-31")
    assert found["IP_MORTALITY", "2025-01-01", 1] == (0, 2, "2025-01-31")
    assert found["ED_ADMIT", "2024-10-01", 0] == (1, 1, "2024-12-31")
    assert found["ED_ADMIT", "2025-01-01", 1] == (0, 1, "2025-01-31")


def test_a_return_is_reported_when_thirty_days_have_passed(care):
    found = measures(care)
    assert ("RETURN_30", "2025-01-01", 1) not in found
    assert found["RETURN_30", "2025-01-01", 2] == (1, 2, "2025-01-29")
