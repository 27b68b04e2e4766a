"""What becomes known later leaves features as they were: events, versions, decisions and discharges to come.

The rows are generated from the contracts around a prediction time. Without what was not known by then, each
row of the features must be the same. The features of patients also obey the scope law, with as-of dates.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.test_scope_law import SCOPES, contents, keys, restricted
from tests.tables import contract, made, table

AS_OF = date(2023, 6, 30)
THEN = datetime(2023, 6, 30, 23, 59, 59)
DELIVERED = [{"delivery": ".", "data_through": datetime(2024, 6, 30, 23, 59, 59)}]
BEGUN = [{"admitted_at": datetime(2023, 1, 1)}]
KNOWN_AT = {
    "silver/patients": "recorded_at",
    "silver/claims": "submitted_at",
    "gold/features_claims": "predicted_at",
    "gold/fact_encounters": "admitted_at",
    "gold/fact_stays": "admitted_at",
    "gold/fact_medications": "ordered_at",
}
"""When a row comes to be known."""
SETTLED_AT = {
    "silver/claims": ("adjudicated_at", ("claim_status", "allowed_amount", "paid_amount", "patient_amount")),
    "gold/fact_encounters": ("discharged_at", ()),
    "gold/fact_stays": ("discharged_at", ()),
}
"""When a row's outcome comes to be known, and the columns that hold it."""
TABLES = (*KNOWN_AT, "silver/diagnoses")
COVERED = [
    {"patient_id": scope, "segment_start": date(2022, 1, 1), "is_insured": True, "payer_id": "x"}
    for scope in SCOPES
]


# Tables of many columns are too large for a strategy a cell; it draws the seed alone.
FEW = settings(max_examples=3)
SEEDS = st.integers(0, 2**32)
ROWS = 12
CLAIMS = 40


def cell(column, random):
    """Return a value of a column; days lie around the as-of date, on both sides."""
    day = AS_OF + timedelta(days=random.randint(-40, 20))
    if column.name == "patient_id":
        return random.choice(SCOPES)
    if not column.required and random.random() < 0.2:
        return None
    if column.values:
        return random.choice(sorted(column.values))
    return {
        "string": random.choice("xy"),
        "date": day,
        "timestamp": datetime(day.year, day.month, day.day, random.randint(0, 23)),
        "int": random.randint(1, 9),
        "double": random.randint(0, 40) / 8,
        "boolean": random.random() < 0.5,
        "array<string>": [random.choice("xy")],
    }.get(column.type, Decimal(random.randint(1, 999)))


def drawn(name, count, random):
    """Return rows of a table, one per key; claims have numbers of their own."""
    source = contract(name)
    rows = [{column.name: cell(column, random) for column in source.columns} for _ in range(count)]
    if "claim_id" in source.keys:
        rows = [row | {"claim_id": str(number)} for number, row in enumerate(rows)]
    key = keys(source, "patient_id")
    return list({tuple(row[one] for one in key): row for row in rows}.values())


def known(name, row, then):
    """Return a row as it was known at some time."""
    settled_at, outcome = SETTLED_AT.get(name, (None, ()))
    if settled_at is None or (row[settled_at] is not None and row[settled_at] <= then):
        return row
    return row | dict.fromkeys((settled_at, *outcome))


def known_rows(name, rows, then):
    arrived = KNOWN_AT.get(name)
    return [known(name, row, then) for row in rows if arrived is None or row[arrived] <= then]


def high_cost(spark, rows, chosen=None):
    read = contract("gold/features_high_cost").reads
    frames = {one.table: table(spark, one.table, rows.get(one.table, ())) for one in read}
    if chosen:
        frames |= {
            name: restricted(frames[name], "patient_id", chosen) for name in (*TABLES, "gold/fact_enrollment")
        }
    made_of = {one.name: frames[one.table] for one in read}
    return made(contract("gold/features_high_cost"), **made_of).where(f"as_of = '{AS_OF}'")


def inputs(seed):
    random = Random(seed)
    found = {name: drawn(name, CLAIMS if "claims" in name else ROWS, random) for name in TABLES}
    given_rows = {"silver/deliveries": DELIVERED, "silver/encounters": BEGUN, "gold/fact_enrollment": COVERED}
    return found | given_rows


@pytest.mark.timeout(300)
@FEW
@given(seed=SEEDS)
def test_features_of_patients_know_nothing_of_later(spark, seed):
    rows = inputs(seed)
    then = {name: known_rows(name, content, THEN) for name, content in rows.items()}
    assert contents(high_cost(spark, rows)) == contents(high_cost(spark, then))


@pytest.mark.timeout(300)
@FEW
@given(seed=SEEDS, chosen=st.sets(st.sampled_from(SCOPES), min_size=1, max_size=4))
def test_features_of_patients_are_made_alone(spark, seed, chosen):
    rows = inputs(seed)
    whole = restricted(high_cost(spark, rows), "patient_id", chosen)
    assert contents(high_cost(spark, rows, chosen)) == contents(whole)


def claim_features(spark, rows):
    read = contract("gold/features_claims").reads
    found = made(
        contract("gold/features_claims"),
        **{one.name: table(spark, one.table, rows.get(one.table, ())) for one in read},
    )
    return found.where(f"predicted_at <= '{THEN}'")


def not_settled(row, then):
    """Return a claim without the decision on it, or any that was not known then; its status is a guess."""
    row = known("silver/claims", row, then)
    return row | {"claim_status": row["claim_status"] or "pending"}


@pytest.mark.timeout(300)
@FEW
@given(seed=SEEDS)
def test_features_of_claims_know_nothing_of_later(spark, seed):
    random = Random(seed)
    claims = drawn("silver/claims", 2 * CLAIMS, random)
    encounters = drawn("gold/fact_encounters", ROWS, random)
    rows = {"silver/claims": claims, "gold/fact_encounters": encounters}
    then = {
        "silver/claims": [not_settled(row, THEN) for row in claims if row["submitted_at"] <= THEN],
        "gold/fact_encounters": known_rows("gold/fact_encounters", encounters, THEN),
    }
    assert contents(claim_features(spark, rows)) == contents(claim_features(spark, then))
