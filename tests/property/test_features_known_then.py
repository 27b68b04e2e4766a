"""What becomes known later leaves features as they were: events, versions, decisions and discharges to come.

The rows are generated from the contracts around a prediction time. Without what was not known by then, each
row of the features must be the same. The features of patients also obey the scope law, with as-of dates.
"""

from datetime import date, datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.property.test_scope_law import BY_TYPE, SCOPES, contents, keys, restricted, values
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
WHOLE = ("gold/fact_enrollment", "silver/diagnoses")
TABLES = (*KNOWN_AT, *WHOLE)


def days(least, most):
    return st.integers(least, most).map(lambda number: AS_OF + timedelta(days=number))


AROUND = BY_TYPE | {
    "date": days(-40, 20),
    "timestamp": st.builds(
        lambda day, hour: datetime(day.year, day.month, day.day, hour), days(-40, 20), st.integers(0, 23)
    ),
    "decimal(12,2)": st.integers(1, 999).map(Decimal),
    "string": st.sampled_from(["x", "y"]),
}


def drawn(name, most):
    """Return rows of a table around the as-of date, by the patient's scope."""
    source = contract(name)
    columns = {
        column.name: values(column, "patient_id")
        if column.values or column.name == "patient_id"
        else (AROUND[column.type] if column.required else st.one_of(st.none(), AROUND[column.type]))
        for column in source.columns
    }
    key = keys(source, "patient_id")
    return st.lists(
        st.fixed_dictionaries(columns), max_size=most, unique_by=lambda row: tuple(row[one] for one in key)
    )


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
        frames |= {name: restricted(frames[name], "patient_id", chosen) for name in TABLES}
    made_of = {one.name: frames[one.table] for one in read}
    return made(contract("gold/features_high_cost"), **made_of).where(f"as_of = '{AS_OF}'")


inputs = st.fixed_dictionaries({name: drawn(name, 12) for name in TABLES}).map(
    lambda rows: rows | {"silver/deliveries": DELIVERED, "silver/encounters": BEGUN}
)


@pytest.mark.timeout(300)
@settings(max_examples=3)
@given(rows=inputs)
def test_features_of_patients_know_nothing_of_later(spark, rows):
    then = {name: known_rows(name, content, THEN) for name, content in rows.items()}
    assert contents(high_cost(spark, rows)) == contents(high_cost(spark, then))


@pytest.mark.timeout(300)
@settings(max_examples=3)
@given(rows=inputs, chosen=st.sets(st.sampled_from(SCOPES), min_size=1, max_size=4))
def test_features_of_patients_are_made_alone(spark, rows, chosen):
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
@settings(max_examples=3)
@given(
    claims=drawn("silver/claims", 60),
    encounters=drawn("gold/fact_encounters", 12),
)
def test_features_of_claims_know_nothing_of_later(spark, claims, encounters):
    rows = {"silver/claims": claims, "gold/fact_encounters": encounters}
    then = {
        "silver/claims": [not_settled(row, THEN) for row in claims if row["submitted_at"] <= THEN],
        "gold/fact_encounters": known_rows("gold/fact_encounters", encounters, THEN),
    }
    assert contents(claim_features(spark, rows)) == contents(claim_features(spark, then))
