"""How the hospitals run: waits, wards, nurses, what patients say, what goes wrong, drugs, reviews."""

from collections.abc import Callable

import numpy as np
import polars as pl

from datagenerator.calibration.extract import Extract
from datagenerator.calibration.statistics import mean, median, ratio, total

HOURS_PER_DAY = 24


def _minutes(start: str, end: str) -> Callable[[Extract], float]:
    """Median minutes between two times of emergency visits that end at home."""

    def wait(extract: Extract) -> float:
        visits = extract.encounters.filter(pl.col("encounter_type") == "emergency")
        return median(visits.select((pl.col(end) - pl.col(start)).dt.total_minutes()).to_series())

    return wait


def _boarding(extract: Extract) -> float:
    """Median minutes from the decision to admit to leaving the emergency department."""
    stays = extract.encounters.filter(pl.col("encounter_type") == "inpatient")
    return median(stays.select((pl.col("departed_at") - pl.col("decided_at")).dt.total_minutes()).to_series())


def _unseen(extract: Extract) -> float:
    visits = extract.encounters.filter(pl.col("encounter_type") == "emergency")
    return mean(visits["is_left_without_being_seen"] == "true")


def _beds(extract: Extract) -> pl.DataFrame:
    """Days of wards whose counts can be true: some wrong copies are planted among them."""
    rows = extract.table("beds")
    return rows.filter(pl.col("occupied_beds") >= 0, pl.col("staffed_beds") >= 0)


def _occupancy(extract: Extract) -> float:
    return ratio(_beds(extract)["occupied_beds"], _beds(extract)["staffed_beds"])


def _staffing(extract: Extract) -> pl.DataFrame:
    hours, parts = pl.col("hours_worked"), pl.col("overtime_hours") + pl.col("agency_hours")
    most = HOURS_PER_DAY * pl.col("head_count") * 2
    return extract.table("staffing").filter(hours >= 0, parts <= hours + 0.01, hours <= most)


def _hours_per_patient_day(role: str) -> Callable[[Extract], float]:
    def hours(extract: Extract) -> float:
        rows = _staffing(extract)
        worked = rows if role == "all" else rows.filter(pl.col("role") == role)
        return ratio(worked["hours_worked"], _beds(extract)["occupied_beds"])

    return hours


def _share_of_hours(column: str) -> Callable[[Extract], float]:
    def share(extract: Extract) -> float:
        return ratio(_staffing(extract)[column], _staffing(extract)["hours_worked"])

    return share


def _answers(kind: str, column: str) -> Callable[[Extract], pl.Series]:
    def answers(extract: Extract) -> pl.Series:
        return extract.table("surveys").filter(pl.col("survey_type") == kind)[column].drop_nulls()

    return answers


def _top_box(column: str, from_: int) -> Callable[[Extract], float]:
    return lambda extract: mean(_answers("hcahps", column)(extract) >= from_)


def _returned(extract: Extract) -> float:
    return mean(
        extract.table("surveys").filter(pl.col("survey_type") == "hcahps")["returned_on"].is_not_null()
    )


def _net_promoters(extract: Extract) -> float:
    """Promoters (9, 10) less detractors (0 to 6) among a hundred answers."""
    scores = _answers("nps", "nps_score")(extract)
    return 100 * (mean(scores >= 9) - mean(scores <= 6))


def _falls(extract: Extract) -> float:
    """Falls per 1,000 patient days."""
    kinds = extract.table("adverse_events")["event_type"]
    days = total(_beds(extract)["occupied_beds"])
    return 1_000 * total(kinds.is_in(["fall", "fall_with_injury"])) / max(days, 1.0)


def _drug_top(extract: Extract) -> float:
    """Share of the drug cost of a year that falls to the dearest twentieth of those with supplies."""
    rows = extract.table("medications").filter(pl.col("started_on").dt.year() == extract.arguments.end.year)
    cost = np.sort(rows.group_by("patient_id").agg(pl.col("total_cost").sum())["total_cost"].to_numpy())[::-1]
    return float(cost[: max(len(cost) // 20, 1)].sum() / max(cost.sum(), 1.0))


def _reviewed(extract: Extract) -> float:
    return extract.table("claim_reviews").height / max(extract.claims.height, 1)


MARGINALS: dict[str, Callable[[Extract], float]] = {
    "door_to_triage": _minutes("arrived_at", "triaged_at"),
    "door_to_provider": _minutes("arrived_at", "provider_seen_at"),
    "boarding": _boarding,
    "left_unseen": _unseen,
    "occupancy": _occupancy,
    "hours_rn": _hours_per_patient_day("RN"),
    "hours_all": _hours_per_patient_day("all"),
    "overtime": _share_of_hours("overtime_hours"),
    "agency": _share_of_hours("agency_hours"),
    "surveys_returned": _returned,
    "top_nurses": _top_box("nurse_communication", 4),
    "top_quiet": _top_box("quietness", 4),
    "top_rating": _top_box("overall_rating", 9),
    "net_promoters": _net_promoters,
    "falls": _falls,
    "drug_top_5_percent": _drug_top,
    "reviewed": _reviewed,
}
