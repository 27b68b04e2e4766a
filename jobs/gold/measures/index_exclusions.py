"""Why a stay is no index stay of the CMS hospital-wide readmission measure."""

from pyspark.sql import Column
from pyspark.sql import functions as F

from jobs.gold.measures.next_stays import complete_column

ADULT = 18


def first_reason() -> Column:
    """Return the first reason in the order of the rules; null on an index stay."""
    return F.coalesce(*_reasons())


def all_reasons() -> Column:
    """Return every reason that applies, sorted; empty on an index stay."""
    nothing = F.array(F.lit(None).cast("string"))
    return F.sort_array(F.array_except(F.array(*_reasons()), nothing))


def _reasons() -> list[Column]:
    """Return each rule's name where it applies, else null, in the order of the rules."""
    return [F.when(applies, F.lit(name)) for name, applies in _rules().items()]


def _rules() -> dict[str, Column]:
    excluded = F.col("readmission_exclusion")
    return {
        "under_18": F.col("age_at_admission") < ADULT,
        "died": F.col("is_death"),
        "against_medical_advice": F.col("is_against_medical_advice"),
        "transferred_out": F.col("is_transferred_out"),
        "same_day_return": _returned_for_the_same(),
        "psychiatric": excluded == "psychiatric",
        "rehabilitation": excluded == "rehabilitation",
        "cancer_treatment": excluded == "cancer_treatment",
        "no_full_follow_up": ~F.col(complete_column(30)),
    }


def _returned_for_the_same() -> Column:
    """Back at the same hospital on the day of discharge with the same condition: part of the later stay."""
    same_day = (F.col("next_facility_id") == F.col("facility_id")) & (F.col("days_to_next") == 0)
    return same_day & (F.col("next_condition") == F.col("condition"))
