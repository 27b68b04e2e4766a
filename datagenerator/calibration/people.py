"""Who the patients are: age, sex, race, and conditions by age as they are by nature."""

from collections.abc import Callable
from functools import lru_cache

import numpy as np
import polars as pl

from datagenerator.arguments import Arguments
from datagenerator.blocks import blocks
from datagenerator.calibration.extract import Extract
from datagenerator.calibration.statistics import mean
from datagenerator.catalogue import table
from datagenerator.clinical.clock import clock, day_number
from datagenerator.clinical.population import DAYS_PER_YEAR, population

# Conditions whose prevalence is published by age, and the ages it is published for.
PREVALENCES = {
    "hypertension_18_39": ("hypertension", 18, 40),
    "hypertension_40_59": ("hypertension", 40, 60),
    "hypertension_60_up": ("hypertension", 60, 200),
    "diabetes_18_44": ("diabetes", 18, 45),
    "diabetes_45_64": ("diabetes", 45, 65),
    "diabetes_65_up": ("diabetes", 65, 200),
    "copd_45_64": ("copd", 45, 65),
    "copd_65_up": ("copd", 65, 200),
    "asthma_adults": ("asthma", 18, 200),
    "heart_failure_60_79": ("heart_failure", 60, 80),
    "coronary_disease_65_up": ("coronary_disease", 65, 200),
    "depression_adults": ("depression", 18, 200),
}


def _ages(extract: Extract) -> pl.Series:
    """Ages in years in the middle of the extract."""
    arguments = extract.arguments
    middle = arguments.start + (arguments.end - arguments.start) / 2
    days = (pl.lit(middle) - pl.col("birth_date")).dt.total_days()
    return extract.patients.select(days / DAYS_PER_YEAR).to_series().drop_nulls()


def _share(extract: Extract, column: str, value: str) -> float:
    return mean(extract.patients[column] == value)


@lru_cache(maxsize=8)
def conditions(arguments: Arguments) -> tuple[np.ndarray, np.ndarray]:
    """Return ages, and patients x conditions there, in the middle of the extract."""
    day = (day_number(arguments.start) + day_number(arguments.end)) // 2
    time = clock(arguments, 0)
    people = [population(arguments, block, time) for block in blocks(arguments)]
    ages = np.concatenate([(day - one.birth) / DAYS_PER_YEAR for one in people])
    return ages, np.concatenate([one.has(day) for one in people])


def _prevalence(condition: str, youngest: int, below: int) -> Callable[[Extract], float]:
    def share(extract: Extract) -> float:
        ages, has = conditions(extract.arguments)
        place = table("chronic")["condition"].to_list().index(condition)
        return float(has[(ages >= youngest) & (ages < below), place].mean())

    return share


MARGINALS: dict[str, Callable[[Extract], float]] = {
    "age_mean": lambda extract: mean(_ages(extract)),
    "age_sd": lambda extract: float(_ages(extract).to_numpy().std()),
    "female": lambda extract: _share(extract, "sex", "F"),
    "race_white": lambda extract: _share(extract, "race", "white"),
    "race_black": lambda extract: _share(extract, "race", "black"),
    "race_asian": lambda extract: _share(extract, "race", "asian"),
    "ethnicity_hispanic": lambda extract: _share(extract, "ethnicity", "hispanic"),
    **{name: _prevalence(*asked) for name, asked in PREVALENCES.items()},
}
