"""Which rows are one stay, and what the stay has of them."""

import pytest

from tests.spark.gold.measures.cases import at, by_case, row, stays_of

STAYS = {
    "a row alone": ([row("A", 0, 5)], {"A": ["A"]}),
    "rows that overlap": ([row("A", 0, 5), row("B", 3, 8)], {"A": ["A", "B"]}),
    "A meets B and B meets C": (
        [row("C", 7, 12), row("A", 0, 5), row("B", 3, 8)],
        {"A": ["A", "B", "C"]},
    ),
    "a row within another, and one after it within the first": (
        [row("A", 0, 10), row("B", 2, 3), row("C", 6, 7)],
        {"A": ["A", "B", "C"]},
    ),
    "interim bills that touch to the second": (
        [row("A", 0, "30 23:59:59"), row("B", "30 23:59:59", 40)],
        {"A": ["A", "B"]},
    ),
    "a second between": (
        [row("A", 0, "30 23:59:58"), row("B", "30 23:59:59", 40)],
        {"A": ["A"], "B": ["B"]},
    ),
    "the same row under another number": ([row("B", 0, 5), row("A", 0, 5)], {"A": ["A", "B"]}),
    "the earliest row names the stay": ([row("A", 1, 5), row("B", 0, 3)], {"B": ["A", "B"]}),
    "an open row takes in all that comes after": (
        [row("A", 0, None), row("B", 60, 64)],
        {"A": ["A", "B"]},
    ),
    "the same days at two hospitals": (
        [row("A", 0, 5), row("B", 0, 5, "H2")],
        {"A": ["A"], "B": ["B"]},
    ),
    "what is no inpatient care": (
        [
            row("A", 0, 1, encounter_type="observation"),
            row("B", 0, 1, encounter_type="emergency"),
            row("C", 0, 1),
        ],
        {"C": ["C"]},
    ),
    "care in other than acute hospitals": (
        [row("A", 0, 5, "REHAB"), row("B", 9, 12, "PSYCH"), row("C", 20, 22, "SNF"), row("D", 30, 32, "CAH")],
        {"D": ["D"]},
    ),
    "facilities of no known kind are taken for acute care": (
        [row("A", 0, 5, "NEW"), row("B", 9, 12, "UNSAID")],
        {"A": ["A"], "B": ["B"]},
    ),
}


@pytest.fixture(scope="module")
def rows_of_stays(spark):
    return by_case(stays_of(spark, {case: rows for case, (rows, _) in STAYS.items()}), "encounter_ids")


@pytest.mark.parametrize("case", STAYS)
def test_rows_are_one_stay_where_they_meet(rows_of_stays, case):
    assert rows_of_stays[case] == STAYS[case][1]


LENGTHS = {
    "nights": ([row("A", 0, 5)], (5, 119.0, False, 1)),
    "within a day": ([row("A", "3 08:00", "3 20:00")], (1, 12.0, False, 1)),
    "past midnight": ([row("A", "3 23:00", "4 01:00")], (1, 2.0, False, 1)),
    "of merged rows": ([row("A", 0, 5), row("B", 3, 8), row("C", 4, 6)], (8, 191.0, False, 3)),
    "open": ([row("A", 0, None)], (None, None, True, 1)),
    "open within": ([row("A", 0, None), row("B", 2, 3)], (None, None, True, 2)),
}


@pytest.fixture(scope="module")
def lengths(spark):
    made = stays_of(spark, {case: rows for case, (rows, _) in LENGTHS.items()})
    return by_case(made, "los_days", "los_hours", "is_open", "encounter_count")


@pytest.mark.parametrize("case", LENGTHS)
def test_a_stay_is_as_long_as_its_rows_together(lengths, case):
    assert lengths[case] == {"A": LENGTHS[case][1]}


FIRST = {
    "payer_id": "P",
    "admit_source": "1",
    "provider_id": "D1",
    "drg": "100",
    "discharge_disposition": "02",
}
LAST = {
    "payer_id": "Q",
    "admit_source": "4",
    "provider_id": "D2",
    "drg": "200",
    "discharge_disposition": "20",
}
SAID = {
    "the later row ends last": (
        [row("A", 0, 5, **FIRST), row("B", 3, 8, **LAST)],
        ("P", "1", "D2", "200", "20"),
    ),
    "the first row ends last": (
        [row("A", 0, 9, **FIRST), row("B", 3, 8, **LAST)],
        ("P", "1", "D1", "100", "02"),
    ),
    "both end alike": ([row("A", 0, 8, **FIRST), row("B", 3, 8, **LAST)], ("P", "1", "D1", "100", "02")),
    "still open": ([row("A", 0, 5, **FIRST), row("B", 3, None, **LAST)], ("P", "1", "D2", "200", None)),
}


@pytest.fixture(scope="module")
def said(spark):
    made = stays_of(spark, {case: rows for case, (rows, _) in SAID.items()})
    return by_case(made, "payer_id", "admit_source", "provider_id", "drg", "discharge_disposition")


@pytest.mark.parametrize("case", SAID)
def test_admission_is_told_by_the_first_row_and_discharge_by_the_last(said, case):
    assert said[case] == {"A": SAID[case][1]}


OUTCOMES = {
    "home": ([row("A", 0, 5)], (False, False)),
    "death": ([row("A", 0, 5, discharge_disposition="20")], (True, False)),
    "against advice": ([row("A", 0, 5, discharge_disposition="07")], (False, True)),
    "open": ([row("A", 0, None, discharge_disposition="20")], (None, None)),
}


@pytest.fixture(scope="module")
def outcomes(spark):
    made = stays_of(spark, {case: rows for case, (rows, _) in OUTCOMES.items()})
    return by_case(made, "is_death", "is_against_medical_advice")


@pytest.mark.parametrize("case", OUTCOMES)
def test_how_a_stay_ended(outcomes, case):
    assert outcomes[case] == {"A": OUTCOMES[case][1]}


def test_the_principal_diagnosis_is_that_of_the_earliest_row_with_one_and_the_days_have_keys(spark):
    rows = [row("A", 0, 5, diagnosis=None), row("B", 3, 8, diagnosis="J189"), row("C", 4, 9)]
    columns = (
        "principal_diagnosis_code",
        "admitted_at",
        "discharged_at",
        "admit_date_key",
        "discharge_date_key",
    )
    assert by_case(stays_of(spark, {"one": rows}), *columns) == {
        "one": {"A": ("J189", at("0 10:00", ""), at("9 09:00", ""), 20240101, 20240110)}
    }
