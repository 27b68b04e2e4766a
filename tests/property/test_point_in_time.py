"""No feature knows more than was known at the prediction time.

A stay's features are the same whether they are made of all that the lake holds, or of what it would have held
at the prediction time: without the rows, and the ends and decisions, that came later.
"""

from datetime import date, datetime, time, timedelta
from decimal import Decimal
from random import Random
from typing import Any

import pytest

from carelake.contract import Column
from tests.tables import contract, made, table

Row = dict[str, Any]
ROWS, TEXTS = 60, ("x", "y", "z")
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
    "encounter_ids": ["x"],
}
READY = SCORED | {"exclusion_reasons": []}
NOT_EMPTY = (
    "sex",
    "bed_days_12m",
    "history_days",
    "charlson_index",
    "allowed_amount_12m",
    "active_drugs",
    "registered_conditions",
    "running_treatments",
    "last_sodium",
)
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


def lake(random: Random, name: str) -> dict[str, list[Row]]:
    """Draw all scoped inputs of a table, before and after the prediction, the scored stay among them."""
    sources = [read.table for read in contract(name).reads if read.mode == "scoped"]
    whole = {source: rows(random, source) for source in sources}
    for source, fixed in (("gold/fact_stays", STAY), ("gold/readmission_index", READY)):
        if source in whole:
            whole[source] = [fixed, *(row for row in whole[source] if row["encounter_id"] != "x")]
    begun = {"x": (ADMITTED, DISCHARGED), "y": (datetime(2024, 1, 3), datetime(2024, 1, 5))}
    for row in whole["silver/encounters"]:
        if row["encounter_id"] in begun:
            admitted, discharged = begun[row["encounter_id"]]
            row |= {"patient_id": "A", "admitted_at": admitted, "discharged_at": discharged}
    return whole


def rows(random: Random, source: str) -> list[Row]:
    """Draw rows with keys of their own; the first ones have keys that other tables' rows refer to."""
    columns, keys = contract(source).columns, contract(source).keys
    found = [in_order({column.name: value(random, column) for column in columns}) for _ in range(ROWS)]
    if len(keys) == 1:
        names = [*TEXTS, *(f"other {number}" for number in range(ROWS))]
        return [row | {keys[0]: name} for row, name in zip(found, names, strict=False)]
    return list({tuple(row[key] for key in keys): row for row in found}.values())


def in_order(row: Row) -> Row:
    """Return the row with an end that isn't before its begin, as silver has them."""
    for begin, end in (("admitted_at", "discharged_at"), ("started_on", "ended_on")):
        if row.get(begin) and row.get(end):
            row |= dict(zip((begin, end), sorted((row[begin], row[end])), strict=True))
    return row


def value(random: Random, column: Column) -> Any:
    if column.name == "patient_id":
        return random.choice("AAAB")
    if not column.required and random.random() < 0.1:
        return None
    if column.values:
        return random.choice(sorted(column.values))
    moment = datetime(2024, 1, 1) + timedelta(hours=random.randrange(40 * 24))
    by_type: Row = {
        "string": random.choice(TEXTS),
        "array<string>": [random.choice(TEXTS)],
        "date": moment.date(),
        "timestamp": moment,
        "int": random.randint(1, 9),
        "double": random.randint(1, 40) / 8,
        "boolean": random.random() < 0.7,
        "decimal(12,2)": Decimal(random.randint(1, 99999)) / 100,
        "decimal(18,2)": Decimal(random.randint(1, 99999)) / 100,
    }
    return by_type[column.type]


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


@pytest.mark.timeout(300)
@pytest.mark.parametrize("name", sorted(PREDICTED))
def test_the_future_changes_no_feature(spark, name):
    whole, at = lake(Random(name), name), PREDICTED[name]
    ends = {
        (row["patient_id"], row["encounter_id"]): row["discharged_at"] for row in whole["silver/encounters"]
    }
    then = {
        source: [row for row in (known(source, row, at, ends) for row in content) if row is not None]
        for source, content in whole.items()
    }
    found = features(spark, name, then)
    assert found == features(spark, name, whole)
    assert [name for name in NOT_EMPTY if not found[name]] == [], "nothing to be seen shows nothing"
