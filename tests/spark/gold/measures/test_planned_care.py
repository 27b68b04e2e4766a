"""Which stays are planned care, and by which rule."""

import pytest

from tests.spark.gold.measures.cases import KNEE, MARROW, SCOPY, by_case, index_of, row

NO = (False, None)
ALWAYS_BY_PROCEDURE = (True, "always_planned_procedure")
ALWAYS_BY_DIAGNOSIS = (True, "always_planned_diagnosis")
POTENTIALLY = (True, "potentially_planned_procedure")

RULES = {
    "nothing done": ([row("A", 0, 5)], {"A": NO}),
    "something done that is no plan": ([row("A", 0, 5, diagnosis="M1711", procedures=[SCOPY])], {"A": NO}),
    "always planned by procedure": ([row("A", 0, 5, procedures=[MARROW])], {"A": ALWAYS_BY_PROCEDURE}),
    "always planned by diagnosis": ([row("A", 0, 5, diagnosis="Z5111")], {"A": ALWAYS_BY_DIAGNOSIS}),
    "potentially planned and not acute": (
        [row("A", 0, 5, diagnosis="M1711", procedures=[SCOPY, KNEE])],
        {"A": POTENTIALLY},
    ),
    "potentially planned and acute": ([row("A", 0, 5, procedures=[KNEE])], {"A": NO}),
    "the procedure goes before the diagnosis": (
        [row("A", 0, 5, diagnosis="Z5111", procedures=[MARROW, KNEE])],
        {"A": ALWAYS_BY_PROCEDURE},
    ),
    "done in the second row of the stay": (
        [row("A", 0, 5, diagnosis="M1711"), row("B", 4, 6, diagnosis="M1711", procedures=[KNEE])],
        {"A": POTENTIALLY},
    ),
    "done in another stay": (
        [row("A", 0, 5, diagnosis="M1711", procedures=[KNEE]), row("B", 50, 55, diagnosis="M1711")],
        {"A": POTENTIALLY, "B": NO},
    ),
    "no diagnosis yet": ([row("A", 0, 5, diagnosis=None, procedures=[MARROW])], {"A": NO}),
    "a diagnosis that no table knows is not acute": (
        [row("A", 0, 5, diagnosis="XXX", procedures=[KNEE])],
        {"A": POTENTIALLY},
    ),
    "a code that only begins like one of seven letters": (
        [row("A", 0, 5, procedures=["30243G1"])],
        {"A": NO},
    ),
    "a code of another system that begins like a planned one": (
        [row("A", 0, 5, diagnosis="M1711", procedures=["0SRD0"])],
        {"A": NO},
    ),
}


@pytest.fixture(scope="module")
def rules(spark):
    made = index_of(spark, {case: rows for case, (rows, _) in RULES.items()})
    return by_case(made, "is_planned", "planned_rule")


@pytest.mark.parametrize("case", RULES)
def test_a_stay_is_planned_by_the_first_rule_that_holds(rules, case):
    assert rules[case] == RULES[case][1]


def test_surgery_decides_on_the_cohort_before_the_diagnosis(spark):
    cases = {
        "surgery": [row("A", 0, 5, procedures=[KNEE])],
        "a look inside": [row("A", 0, 5, procedures=[SCOPY])],
        "by diagnosis": [row("A", 0, 5)],
        "anything else": [row("A", 0, 5, diagnosis="J189")],
        "unknown": [row("A", 0, 5, diagnosis=None)],
    }
    assert by_case(index_of(spark, cases), "cohort") == {
        "surgery": {"A": "surgery_gynecology"},
        "a look inside": {"A": "cardiorespiratory"},
        "by diagnosis": {"A": "cardiorespiratory"},
        "anything else": {"A": "medicine"},
        "unknown": {"A": "medicine"},
    }
