"""No feature knows more than was known at the prediction time.

A stay's features are the same whether they are made of all that the lake holds, or of what it would have held
at the prediction time: without the rows, and the ends and decisions, that came later.
"""

from datetime import date, datetime, time
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.generated import TEXTS, rows
from tests.tables import contract, made, table

Row = dict[str, Any]
ADMITTED, DISCHARGED = datetime(2024, 1, 12, 9), datetime(2024, 1, 20, 15)
PREDICTED = {"gold/features_readmission": DISCHARGED, "gold/features_length_of_stay": ADMITTED}
SCORED = {"patient_id": "A", "encounter_id": "x"}
STAY = SCORED | {
    "facility_id": "x",
    "facility_sk": "x",
    "admitted_at": ADMITTED,
    "discharged_at": DISCHARGED,
    "los_days": 8,
    "chain_id": "x",
    "chain_position": 1,
    "is_open": False,
    "encounter_ids": ["x", "y"],
}
KINDS = {"x": "sodium", "y": "heart_rate", "z": "creatinine"}
CODES = [
    {"diagnosis_code": text, "charlson_group": group, "ccsr_category": text, "is_chronic": True}
    for text, group in zip(TEXTS, ("dementia", "malignancy", "renal_disease"), strict=True)
]
WEIGHTS = [{"charlson_group": code["charlson_group"], "weight": "2"} for code in CODES]


def known(source: str, row: Row, at: datetime, ends: dict[tuple[str, str], datetime | None]) -> Row | None:
    """Return a row as it was known at a moment; None if it wasn't."""
    told = {
        "silver/patients": ("recorded_at",),
        "gold/fact_observations": ("observed_at",),
        "gold/fact_claims": ("submitted_at",),
        "gold/fact_medications": ("ordered_at", "started_on"),
        "gold/fact_treatments": ("started_on",),
        "silver/registry": ("registered_on",),
        "gold/fact_procedures": ("performed_at",),
        "gold/fact_adverse_events": ("reported_at",),
        "silver/encounters": ("admitted_at",),
        "gold/fact_stays": ("admitted_at",),
    }
    if any(later(row[name], at) for name in told.get(source, ())):
        return None
    if source == "silver/diagnoses":
        end = ends.get((row["patient_id"], row["encounter_id"]))
        own = row["encounter_id"] in STAY["encounter_ids"] and at == DISCHARGED
        return row if own or (end is not None and end <= at) else None
    if source == "gold/readmission_index":
        return row | {"readmitted_30d": None, "days_to_readmission": None, "readmission_encounter_id": None}
    return without_what_came_later(source, row, at)


def without_what_came_later(source: str, row: Row, at: datetime) -> Row:
    """Return the row without the ends and decisions after a moment."""
    followed = {
        "gold/fact_claims": ("adjudicated_at", ("allowed_amount", "paid_amount", "claim_status")),
        "gold/fact_stays": ("discharged_at", ("los_days", "discharge_disposition")),
        "gold/fact_treatments": ("ended_on", ("status", "outcome")),
    }
    seen = dict(row)
    if source == "silver/encounters":
        return {k: None if isinstance(v, datetime) and later(v, at) else v for k, v in seen.items()}
    name, results = followed.get(source, ("", ()))
    if name and row[name] is not None and later(row[name], at):
        seen |= dict.fromkeys([name, *results])
    return seen


def later(value: Any, at: datetime) -> bool:
    """Tell whether a time comes after a moment; a day that isn't over then does."""
    if isinstance(value, datetime):
        return value > at
    return isinstance(value, date) and datetime.combine(value, time.max) > at


def lake(data: st.DataObject, name: str) -> dict[str, list[Row]]:
    """Draw all scoped inputs of a table, the scored stay among them."""
    sources = sorted(read.table for read in contract(name).reads if read.mode == "scoped")
    drawn = {source: data.draw(rows(contract(source), "patient_id"), label=source) for source in sources}
    for source in ("gold/fact_stays", "gold/readmission_index"):
        if source in drawn:
            others = [row for row in drawn[source] if (row["patient_id"], row["encounter_id"]) != ("A", "x")]
            fixed = STAY if source == "gold/fact_stays" else SCORED | {"exclusion_reasons": []}
            drawn[source] = [*others, fixed]
    return {source: mostly_of_one_patient(source, content) for source, content in drawn.items()}


def mostly_of_one_patient(source: str, drawn: list[Row]) -> list[Row]:
    content = [row | {"patient_id": "A"} if number % 3 else row for number, row in enumerate(drawn)]
    keys = {"patient_id", *contract(source).keys}
    return list({tuple(row[key] for key in sorted(keys)): row for row in content}.values())


def features(spark, name: str, content: dict[str, list[Row]]) -> Row:
    frames = {}
    for read in contract(name).reads:
        given = content.get(read.table, [])
        if read.table == "gold/fact_observations":
            given = [row | {"short_name": KINDS.get(row["short_name"])} for row in given]
        given = {"gold/dim_diagnosis": CODES, "reference/charlson_weights": WEIGHTS}.get(read.table, given)
        frames[read.name] = table(spark, read.table, given)
        if read.columns:
            frames[read.name] = frames[read.name].select(*read.columns)
    scored = "patient_id = 'A' AND encounter_id = 'x'"
    (found,) = made(contract(name), **frames).where(scored).collect()
    return found.asDict()


@pytest.mark.timeout(600)
@pytest.mark.parametrize("name", sorted(PREDICTED))
@settings(max_examples=3)
@given(data=st.data())
def test_the_future_changes_no_feature(spark, name, data):
    whole = lake(data, name)
    at = PREDICTED[name]
    ends = {
        (row["patient_id"], row["encounter_id"]): row["discharged_at"] for row in whole["silver/encounters"]
    }
    then = {
        source: [row for row in (known(source, row, at, ends) for row in content) if row is not None]
        for source, content in whole.items()
    }
    assert features(spark, name, then) == features(spark, name, whole)
