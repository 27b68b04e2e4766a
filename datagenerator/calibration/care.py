"""What happens to patients: encounters, stays, their length, how they end, and the seasons."""

from collections.abc import Callable

import polars as pl

from datagenerator.calibration.extract import Extract
from datagenerator.calibration.statistics import mean, median, ratio
from datagenerator.clinical.population import DAYS_PER_YEAR

DIED, AGAINST_ADVICE, NURSING, HOME_CARE = "20", "07", "03", "06"
THIRTY_DAYS = pl.duration(days=30)
OLD_FROM_YEARS = 65
# Principal codes of the conditions whose deaths CMS follows (30-day mortality measures, ages 65 and over).
CONDITIONS = {
    "copd": "^J4[1-4]",
    "pneumonia": "^(J1[2-8])",
    "heart_failure": "^(I50|I110|I130|I132)",
    "myocardial_infarction": "^I21",
    "stroke": "^I63",
}


def _mix(kind: str) -> Callable[[Extract], float]:
    return lambda extract: mean(extract.encounters["encounter_type"] == kind)


def _ended(*codes: str) -> Callable[[Extract], float]:
    def share(extract: Extract) -> float:
        return mean(extract.stays["discharge_disposition"].is_in(codes))

    return share


def _followed(extract: Extract) -> pl.DataFrame:
    """Stays with 30 days of data after their admission, and whether the patient died within them."""
    known = extract.patients.select("patient_id", "birth_date", "death_date")
    stays = extract.stays.join(known, on="patient_id", how="inner")
    day = pl.col("admitted_at").dt.date()
    followed = stays.filter(pl.col("admitted_at") + THIRTY_DAYS <= extract.through)
    return followed.with_columns(
        died=(pl.col("death_date") <= day + THIRTY_DAYS).fill_null(value=False),
        age=(day - pl.col("birth_date")).dt.total_days() / DAYS_PER_YEAR,
    )


def _death_after(condition: str) -> Callable[[Extract], float]:
    def share(extract: Extract) -> float:
        of_condition = pl.col("diagnosis_code").str.contains(CONDITIONS[condition])
        old = _followed(extract).filter(of_condition, pl.col("age") >= OLD_FROM_YEARS)
        return mean(old["died"])

    return share


def _death_in_hospital(condition: str) -> Callable[[Extract], float]:
    def share(extract: Extract) -> float:
        some = extract.stays.filter(pl.col("diagnosis_code").str.contains(CONDITIONS[condition]))
        return mean(some["discharge_disposition"] == DIED)

    return share


def _readmitted(extract: Extract) -> float:
    """Readmitted index stays over index stays that can be observed."""
    flags = extract.truth("stays").filter(pl.col("stay_class") == "index")["readmitted_30d"]
    return mean(flags)


def _readmission_distance(extract: Extract) -> float:
    """Percentage points between the rate found and the rate asked for."""
    return 100 * (_readmitted(extract) - extract.arguments.readmission_rate)


def _winter(extract: Extract) -> float:
    """Pneumonia and COPD stays of January to March over those of July to September."""
    lungs = pl.col("diagnosis_code").str.contains(f"{CONDITIONS['copd']}|{CONDITIONS['pneumonia']}")
    months = extract.stays.filter(lungs)["admitted_at"].dt.month()
    return ratio(months.is_in([1, 2, 3]), months.is_in([7, 8, 9]))


def _emergency_hours(extract: Extract) -> float:
    """Median hours of an emergency visit that ends at home."""
    visits = extract.encounters.filter(pl.col("encounter_type") == "emergency")
    hours = visits.select((pl.col("discharged_at") - pl.col("admitted_at")).dt.total_minutes() / 60)
    return median(hours.to_series())


MARGINALS: dict[str, Callable[[Extract], float]] = {
    "encounters_inpatient": _mix("inpatient"),
    "encounters_emergency": _mix("emergency"),
    "encounters_telehealth": _mix("telehealth"),
    "los_mean": lambda extract: mean(extract.stays["los_days"]),
    "los_median": lambda extract: median(extract.stays["los_days"]),
    "readmitted_less_asked": _readmission_distance,
    "died_in_hospital": _ended(DIED),
    "left_against_advice": _ended(AGAINST_ADVICE),
    "to_nursing_facility": _ended(NURSING),
    "to_home_care": _ended(HOME_CARE),
    "died_in_hospital_copd": _death_in_hospital("copd"),
    **{f"died_in_30_days_{name}": _death_after(name) for name in CONDITIONS},
    "winter_of_lungs": _winter,
    "emergency_hours": _emergency_hours,
}
