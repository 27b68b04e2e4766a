"""`fact_stays` and `readmission_index` against a plain reading, on patients whose rows collide."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs.columns.keys import surrogate_key
from jobs.gold.measures.fact_stays import fact_stays
from jobs.gold.measures.readmission_index import readmission_index
from tests.property import plain_readmissions as plain
from tests.property.plain_readmissions import Answer, HospitalRow
from tests.tables import table

PATIENTS = 40
EPOCH = datetime(2024, 1, 1)
STARTS = (0, 0, 1, 2, 3, 4, 31, 32, 33, 34, 62, 63, 64, 92, 93, 94)
"""Days close to each other, or some 30, 60 or 90 days apart."""
SECONDS = (0, 43200, 86399)
LENGTHS = (0, 1, 43200, 86399, 86400, 2 * 86400, 4 * 86400, 30 * 86400)
HORIZONS = (*(days * 86400 - short for days in (250, 96, 95, 94, 65) for short in (1, 2)), None)
DIAGNOSES = (*("acute", "chronic") * 3, None, "unheard of", *plain.CONDITIONS)
DONE = ((), (), (), (plain.NEITHER,), (plain.POTENTIALLY,), (plain.POTENTIALLY, plain.ALWAYS))


@st.composite
def hospital_row(draw) -> HospitalRow:
    start = EPOCH + timedelta(days=draw(st.sampled_from(STARTS)), seconds=draw(st.sampled_from(SECONDS)))
    length = draw(st.sampled_from((*LENGTHS, None)))
    return HospitalRow(
        key="",
        hospital=draw(st.sampled_from(("H1", "H1", "H1", "H2", "H2", plain.REHABILITATION))),
        start=start,
        end=None if length is None else start + timedelta(seconds=length),
        diagnosis=draw(st.sampled_from(DIAGNOSES)),
        disposition=draw(st.sampled_from(("01",) * 8 + ("20", "07"))),
        age=draw(st.sampled_from((70, 70, 70, 70, 18, 17))),
        done=draw(st.sampled_from(DONE)),
    )


@st.composite
def histories(draw) -> list[list[HospitalRow]]:
    drawn = draw(
        st.lists(st.lists(hospital_row(), min_size=2, max_size=6), min_size=PATIENTS, max_size=PATIENTS)
    )
    return [
        [HospitalRow(**(vars(row) | {"key": f"{patient:02d}{number}"})) for number, row in enumerate(rows)]
        for patient, rows in enumerate(drawn)
    ]


def landed(row: HospitalRow) -> dict[str, Any]:
    return {
        "encounter_id": row.key,
        "patient_id": row.key[:2],
        "facility_id": row.hospital,
        "encounter_type": "inpatient",
        "admitted_at": row.start,
        "discharged_at": row.end,
        "principal_diagnosis_code": row.diagnosis,
        "discharge_disposition": row.disposition,
        "age_at_admission": row.age,
        "payer_id": f"payer of {row.key}",
        "provider_id": f"provider of {row.key}",
    }


def diagnoses(spark):
    rows = [
        {
            "diagnosis_code": code,
            "ccsr_category": condition,
            "is_acute": code == "acute",
            "is_always_planned": code == "scheduled",
            "readmission_exclusion": plain.EXCLUDED.get(code),
        }
        for code, condition in plain.CONDITIONS.items()
    ]
    made = table(spark, "gold/dim_diagnosis", rows)
    return made.withColumn("diagnosis_sk", surrogate_key(made.diagnosis_code))


def measured(
    spark, rows: Sequence[HospitalRow], through: datetime | None, parts: int
) -> dict[str, dict[str, Answer]]:
    """Return per patient and stay what the two tables say, in the oracle's words."""
    encounters = table(spark, "gold/fact_encounters", [landed(row) for row in rows]).repartition(parts)
    facilities = [{"facility_id": key, "facility_type": "acute_care"} for key in ("H1", "H2")]
    closed = [{"facility_id": plain.REHABILITATION, "facility_type": "rehabilitation"}]
    stays = fact_stays(encounters, table(spark, "gold/dim_facility", facilities + closed)).collect()
    done = [
        {
            "patient_id": row.key[:2],
            "encounter_id": row.key,
            "procedure_code": code,
            "code_system": "ICD10PCS",
        }
        for row in rows
        for code in row.done
    ]
    kinds = [
        {"code_prefix": plain.ALWAYS[:3], "planned_kind": "always", "is_surgery": "false"},
        {"code_prefix": plain.POTENTIALLY, "planned_kind": "potentially", "is_surgery": "true"},
    ]
    index = readmission_index(
        table(spark, "gold/fact_stays", [stay.asDict() for stay in stays]).repartition(parts),
        table(spark, "gold/fact_procedures", done).repartition(parts),
        diagnoses(spark),
        table(spark, "reference/readmission_procedures", kinds),
        table(spark, "silver/deliveries", [{"delivery": ".", "data_through": through}] if through else []),
    )
    measures = {row.encounter_id: row for row in index.collect()}
    assert len(measures) == len(stays)
    found: dict[str, dict[str, Answer]] = {}
    for stay in stays:
        found.setdefault(stay.patient_id, {})[stay.encounter_id] = answer(stay, measures[stay.encounter_id])
    return found


def answer(stay, measure) -> Answer:
    assert measure.is_index == (measure.first_exclusion_reason is None)
    assert measure.is_planned == (measure.planned_rule is not None)
    return Answer(
        rows=stay.encounter_ids,
        days=stay.los_days,
        chain=stay.chain_id,
        position=stay.chain_position,
        reasons=measure.exclusion_reasons,
        first_reason=measure.first_exclusion_reason,
        planned_by=measure.planned_rule,
        flags=(measure.readmitted_30d, measure.readmitted_60d, measure.readmitted_90d),
        return_day=measure.days_to_readmission,
        return_key=measure.readmission_encounter_id,
        paid_by=stay.payer_id,
        treated_by=stay.provider_id,
    )


@pytest.mark.timeout(300)
@settings(max_examples=5)
@given(
    histories=histories(),
    horizon=st.sampled_from(HORIZONS),
    order=st.randoms(use_true_random=False),
    parts=st.integers(1, 4),
)
def test_stays_and_readmissions_are_those_of_a_plain_reading(spark, histories, horizon, order, parts):
    through = None if horizon is None else EPOCH + timedelta(seconds=horizon)
    rows = [row for history in histories for row in history]
    order.shuffle(rows)
    found = measured(spark, rows, through, parts)
    for history in histories:
        assert found.get(history[0].key[:2], {}) == plain.answers(history, through), history
