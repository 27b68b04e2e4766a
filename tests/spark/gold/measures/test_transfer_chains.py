"""Which stays follow each other as one episode."""

import pytest

from tests.spark.gold.measures.cases import by_case, row, stays_of

CHAINS = {
    "a stay alone": ([row("A", 0, 5)], {"A": ("A", 1, False)}),
    "elsewhere on the same day": (
        [row("A", 0, 5), row("B", "5 11:00", 9, "H2")],
        {"A": ("A", 1, True), "B": ("A", 2, False)},
    ),
    "elsewhere in the last minute of the next day": (
        [row("A", 0, "5 00:01"), row("B", "6 23:59", 9, "H2")],
        {"A": ("A", 1, True), "B": ("A", 2, False)},
    ),
    "elsewhere two days later, though within the hour after midnight": (
        [row("A", 0, "5 23:59"), row("B", "7 00:01", 9, "H2")],
        {"A": ("A", 1, False), "B": ("B", 1, False)},
    ),
    "whatever the codes say": (
        [row("A", 0, 5, discharge_disposition="02"), row("B", 7, 9, "H2", "J189", admit_source="4")],
        {"A": ("A", 1, False), "B": ("B", 1, False)},
    ),
    "the same hospital on the same and the next day": (
        [row("A", 0, 5), row("B", "5 11:00", 9), row("C", 10, 12)],
        {"A": ("A", 1, False), "B": ("B", 1, False), "C": ("C", 1, False)},
    ),
    "three legs and back at the first hospital": (
        [row("A", 0, 5), row("B", 6, 9, "H2"), row("C", "9 12:00", 14)],
        {"A": ("A", 1, True), "B": ("A", 2, True), "C": ("A", 3, False)},
    ),
    "a second episode begins a chain of its own": (
        [row("A", 0, 5), row("B", 6, 9, "H2"), row("C", 30, 33), row("D", 33, 35, "H2")],
        {"A": ("A", 1, True), "B": ("A", 2, False), "C": ("C", 1, True), "D": ("C", 2, False)},
    ),
    "admitted elsewhere before the first hospital let go": (
        [row("A", 0, 5), row("B", 4, 9, "H2")],
        {"A": ("A", 1, True), "B": ("A", 2, False)},
    ),
    "rehabilitation after acute care is no leg": (
        [row("A", 0, 5), row("B", 5, 20, "REHAB"), row("C", 20, 22, "H2")],
        {"A": ("A", 1, False), "C": ("C", 1, False)},
    ),
    "an open stay is followed by nothing yet": (
        [row("A", 0, None), row("B", 6, 9, "H2")],
        {"A": ("A", 1, False), "B": ("B", 1, False)},
    ),
}


@pytest.fixture(scope="module")
def chains(spark):
    made = stays_of(spark, {case: rows for case, (rows, _) in CHAINS.items()})
    return by_case(made, "chain_id", "chain_position", "is_transferred_out")


@pytest.mark.parametrize("case", CHAINS)
def test_an_admission_elsewhere_by_the_next_day_continues_the_episode(chains, case):
    assert chains[case] == CHAINS[case][1]
