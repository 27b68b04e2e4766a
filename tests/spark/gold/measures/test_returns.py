"""Who came back, when, and which return counts. Flags are for 30, 60 and 90 days, then days and stay."""

import pytest

from tests.spark.gold.measures.cases import KNEE, MARROW, by_case, index_of, row

FLAGS = (
    "readmitted_30d",
    "readmitted_60d",
    "readmitted_90d",
    "days_to_readmission",
    "readmission_encounter_id",
)
HOSPITALS = ("facility_id", "readmission_facility_id")
NEVER = (False, False, False, None, None)
EXCLUDED = (None, None, None, None, None)
THROUGH = "200 23:59:59"


def back(days, key="B"):
    return (days <= 30, days <= 60, days <= 90, days, key)


def returned(days):
    """A stay that ends on day 5, and one that begins so many days after."""
    return [row("A", 0, 5), row("B", 5 + days, 8 + days)]


PLANNED = {"diagnosis": "M1711", "procedures": [KNEE]}
RETURNS = {
    "never": ([row("A", 0, 5)], {"A": NEVER}),
    **{f"on day {days}": (returned(days), {"A": back(days)}) for days in (1, 30, 31, 60, 61, 90)},
    "on day 91": (returned(91), {"A": NEVER}),
    "on day 30 at the last second, let go in the first": (
        [row("A", 0, "5 00:00:00"), row("B", "35 23:59:59", 40)],
        {"A": back(30)},
    ),
    "on day 31 at the first second, let go in the last": (
        [row("A", 0, "5 23:59:59"), row("B", "36 00:00:00", 40)],
        {"A": back(31)},
    ),
    "on day 0 with another condition": (
        [row("A", 0, 5), row("B", "5 21:00", 9, diagnosis="J189")],
        {"A": back(0), "B": NEVER},
    ),
    "on day 0 with the same condition: one with the later stay": (
        [row("A", 0, 5), row("B", "5 21:00", 9), row("C", 20, 22)],
        {"A": EXCLUDED, "B": back(11, "C"), "C": NEVER},
    ),
    "on day 0 with another condition, planned": (
        [row("A", 0, 5), row("B", "5 21:00", 9, **PLANNED)],
        {"A": NEVER, "B": NEVER},
    ),
    "on day 0 elsewhere: a transfer": (
        [row("A", 0, 5), row("B", 5, 9, "H2", "J189")],
        {"A": EXCLUDED, "B": NEVER},
    ),
    "on day 1 elsewhere: a transfer, and later back": (
        [row("A", 0, 5), row("B", 6, 9, "H2"), row("C", 20, 22)],
        {"A": EXCLUDED, "B": back(11, "C"), "C": NEVER},
    ),
    "on day 2 elsewhere": ([row("A", 0, 5), row("B", 7, 9, "H2")], {"A": back(2), "B": NEVER}),
    "a chain of three counts against its last hospital": (
        [row("A", 0, 5), row("B", 6, 9, "H2"), row("C", 10, 14, "CAH"), row("D", 40, 44, "H2")],
        {"A": EXCLUDED, "B": EXCLUDED, "C": back(26, "D"), "D": NEVER},
    ),
    "back into a chain: its first leg is the return": (
        [row("A", 0, 5), row("B", 25, 29, "H2"), row("C", 30, 34)],
        {"A": back(20), "B": EXCLUDED, "C": NEVER},
    ),
    "a readmission is an index stay too": (
        [*returned(10), row("C", 40, 44)],
        {"A": back(10), "B": back(22, "C"), "C": NEVER},
    ),
    "planned first, unplanned later": (
        [row("A", 0, 5), row("B", 15, 18, **PLANNED), row("C", 25, 28)],
        {"A": NEVER, "B": back(7, "C"), "C": NEVER},
    ),
    "planned first for 60 days too": (
        [row("A", 0, 5), row("B", 15, 18, procedures=[MARROW]), row("C", 50, 53)],
        {"A": NEVER, "B": (False, True, True, 32, "C"), "C": NEVER},
    ),
    "unplanned first, planned later": (
        [*returned(10), row("C", 25, 28, **PLANNED)],
        {"A": back(10), "B": NEVER, "C": NEVER},
    ),
    "planned by its procedure, unplanned by its acute diagnosis": (
        [row("A", 0, 5), row("B", 15, 18, procedures=[KNEE])],
        {"A": back(10)},
    ),
    "always planned by diagnosis": ([row("A", 0, 5), row("B", 15, 18, diagnosis="Z5111")], {"A": NEVER}),
    "of unknown diagnosis: not planned": (
        [row("A", 0, 5), row("B", 15, 18, diagnosis=None, procedures=[KNEE])],
        {"A": back(10)},
    ),
    "to die": (
        [row("A", 0, 5), row("B", 15, 18, discharge_disposition="20")],
        {"A": back(10), "B": EXCLUDED},
    ),
    "for psychiatric care in an acute hospital": (
        [row("A", 0, 5), row("B", 15, 18, diagnosis="F329")],
        {"A": back(10), "B": EXCLUDED},
    ),
    "to rehabilitation: no acute stay": ([row("A", 0, 5), row("B", 15, 30, "REHAB")], {"A": NEVER}),
    "for observation: no stay": (
        [row("A", 0, 5), row("B", 15, 16, encounter_type="observation")],
        {"A": NEVER},
    ),
    "to a facility of no known kind": ([row("A", 0, 5), row("B", 15, 18, "NEW")], {"A": back(10)}),
    "into a stay that is still open": (
        [row("A", 0, 5), row("B", 15, None)],
        {"A": back(10), "B": EXCLUDED},
    ),
    "sixty and ninety days are not over: unknown, even if already back": (
        [row("A", 150, 155), row("B", 165, 168)],
        {"A": (True, None, None, 10, "B"), "B": (False, None, None, None, None)},
    ),
    "ninety days are not over": (
        [row("A", 120, 125), row("B", 170, 180)],
        {"A": (False, True, None, 45, "B"), "B": EXCLUDED},
    ),
    "back before thirty days are over": (
        [row("A", 170, 175), row("B", 180, 182)],
        {"A": EXCLUDED, "B": EXCLUDED},
    ),
}


@pytest.fixture(scope="module")
def returns(spark):
    made = index_of(spark, {case: rows for case, (rows, _) in RETURNS.items()}, THROUGH)
    return by_case(made, *FLAGS, *HOSPITALS)


@pytest.mark.parametrize("case", RETURNS)
def test_the_first_return_counts_if_it_is_unplanned(returns, case):
    expected = RETURNS[case][1]
    assert {key: returns[case][key][: len(FLAGS)] for key in expected} == expected


def test_the_hospital_counted_against_and_the_one_returned_to(returns):
    chain = returns["a chain of three counts against its last hospital"]
    hospitals = {key: chain[key][len(FLAGS) :] for key in "ABCD"}
    assert hospitals == {"A": ("H1", None), "B": ("H2", None), "C": ("CAH", "H2"), "D": ("H2", None)}


NO, YES = False, True


@pytest.mark.parametrize(
    ("data_through", "over"),
    [
        ("95 23:59:59", {"65": (YES, NO, NO), "35": (YES, YES, NO), "5": (YES, YES, YES)}),
        ("95 23:59:58", {"65": (NO, NO, NO), "35": (YES, NO, NO), "5": (YES, YES, NO)}),
        (None, {"65": (NO, NO, NO), "35": (NO, NO, NO), "5": (NO, NO, NO)}),
    ],
)
def test_a_window_is_over_with_the_last_second_of_its_last_day(spark, data_through, over):
    """Stays that end on day 65, 35 and 5: 30, 60 and 90 days before day 95."""
    made = index_of(spark, {end: [row("A", 0, f"{end} 00:00:00")] for end in over}, data_through)
    found = by_case(made, *(f"is_follow_up_complete_{days}d" for days in (30, 60, 90)), *FLAGS[:3])
    known = {end: tuple(NO if is_over else None for is_over in windows) for end, windows in over.items()}
    assert found == {end: {"A": windows + known[end]} for end, windows in over.items()}
