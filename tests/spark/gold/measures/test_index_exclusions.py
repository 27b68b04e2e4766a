"""Why stays are no index stays."""

import pytest

from tests.spark.gold.measures.cases import by_case, index_of, row

INDEX = (True, [], None)
THROUGH = "100 23:59:59"
"""Day 70 is followed for thirty days to the second."""


def excluded(*reasons, first):
    return (False, list(reasons), first)


def only(reason):
    return excluded(reason, first=reason)


REASONS = {
    "nothing against it": ([row("A", 0, 5)], {"A": INDEX}),
    "a child": ([row("A", 0, 5, age_at_admission=17)], {"A": only("under_18")}),
    "just an adult": ([row("A", 0, 5, age_at_admission=18)], {"A": INDEX}),
    "of unknown age": ([row("A", 0, 5, age_at_admission=None)], {"A": INDEX}),
    "death": ([row("A", 0, 5, discharge_disposition="20")], {"A": only("died")}),
    "against advice": ([row("A", 0, 5, discharge_disposition="07")], {"A": only("against_medical_advice")}),
    "psychiatric": ([row("A", 0, 5, diagnosis="F329")], {"A": only("psychiatric")}),
    "rehabilitation": ([row("A", 0, 5, diagnosis="Z5189")], {"A": only("rehabilitation")}),
    "cancer": ([row("A", 0, 5, diagnosis="C3490")], {"A": only("cancer_treatment")}),
    "no diagnosis yet": ([row("A", 0, 5, diagnosis=None)], {"A": INDEX}),
    "only the last leg of a chain": (
        [row("A", 0, 5), row("B", 6, 9, "H2"), row("C", 9, 14)],
        {"A": only("transferred_out"), "B": only("transferred_out"), "C": INDEX},
    ),
    "elsewhere on the same day is a transfer, even for the same condition": (
        [row("A", 0, 5), row("B", "5 10:00", 9, "H2")],
        {"A": only("transferred_out"), "B": INDEX},
    ),
    "back on the same day with the same condition": (
        [row("A", 0, 5), row("B", "5 21:00", 9, diagnosis="I5023")],
        {"A": only("same_day_return"), "B": INDEX},
    ),
    "back on the same day with another condition": (
        [row("A", 0, 5), row("B", "5 21:00", 9, diagnosis="J189")],
        {"A": INDEX, "B": INDEX},
    ),
    "back on the next day with the same condition": (
        [row("A", 0, 5), row("B", 6, 9)],
        {"A": INDEX, "B": INDEX},
    ),
    "back on the same day, of unknown condition": (
        [row("A", 0, 5, diagnosis=None), row("B", "5 21:00", 9, diagnosis=None)],
        {"A": INDEX, "B": INDEX},
    ),
    "followed up to the last second": ([row("A", 65, "70 23:59:59")], {"A": INDEX}),
    "a day short of follow-up": ([row("A", 65, "71 00:00:00")], {"A": only("no_full_follow_up")}),
    "open": ([row("A", 0, None, discharge_disposition="20")], {"A": only("no_full_follow_up")}),
    "an open child": (
        [row("A", 0, None, age_at_admission=9)],
        {"A": excluded("no_full_follow_up", "under_18", first="under_18")},
    ),
    "all at once": (
        [
            row("A", 80, 90, diagnosis="F329", age_at_admission=17, discharge_disposition="07"),
            row("B", "91 10:00", 95, "H2", "F329", age_at_admission=17, discharge_disposition="20"),
        ],
        {
            "A": excluded(
                "against_medical_advice",
                "no_full_follow_up",
                "psychiatric",
                "transferred_out",
                "under_18",
                first="under_18",
            ),
            "B": excluded("died", "no_full_follow_up", "psychiatric", "under_18", first="under_18"),
        },
    ),
    "the first reason is by the order of the rules": (
        [row("A", 90, 95, diagnosis="C3490", discharge_disposition="20")],
        {"A": excluded("cancer_treatment", "died", "no_full_follow_up", first="died")},
    ),
}


@pytest.fixture(scope="module")
def reasons(spark):
    made = index_of(spark, {case: rows for case, (rows, _) in REASONS.items()}, THROUGH)
    return by_case(made, "is_index", "exclusion_reasons", "first_exclusion_reason")


@pytest.mark.parametrize("case", REASONS)
def test_a_stay_is_excluded_for_every_reason_that_applies(reasons, case):
    assert reasons[case] == REASONS[case][1]
