"""Time of the simulation: whole seconds and days since 1970, calendar months, delivery periods."""

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments

DAY = 86_400
HOUR = 3_600
WARM_UP_MONTHS = 12
NEVER = np.int64(2**62)


def day_number(value: date) -> int:
    """Return the days since 1970-01-01."""
    return (value - date(1970, 1, 1)).days


def as_times(seconds: np.ndarray) -> np.ndarray:
    """Return seconds since 1970 as timestamps, `NEVER` as missing."""
    values = np.where(seconds >= NEVER, np.iinfo(np.int64).min, seconds)
    return values.astype("datetime64[s]")


def as_days(days: np.ndarray) -> np.ndarray:
    """Return days since 1970 as timestamps at midnight, `NEVER` as missing."""
    return as_times(np.where(days >= NEVER, NEVER, days * DAY))


@dataclass(frozen=True)
class Clock:
    """Calendar months from the warm-up to the last delivery, and the delivery periods.

    `month_days[m]` is the first day of month m, one more entry closes the last one; `ends[k]` is the last
    second of period k.
    """

    start: int
    end: int
    month_days: np.ndarray
    ends: np.ndarray

    @property
    def months(self) -> int:
        """Number of simulated months, warm-up included."""
        return len(self.month_days) - 1

    @property
    def first_second(self) -> int:
        """First second that the extract covers."""
        return self.start * DAY

    def month_of(self, seconds: np.ndarray) -> np.ndarray:
        """Return the number of the simulated month of each time."""
        return np.searchsorted(self.month_days, seconds // DAY, side="right") - 1

    def period_of(self, seconds: np.ndarray) -> np.ndarray:
        """Return the delivery period in which each time falls; past the last one: the number of periods."""
        return np.searchsorted(self.ends, seconds, side="left")

    def end_of(self, period: np.ndarray) -> np.ndarray:
        """Return the last second of each period, `NEVER` for periods not simulated."""
        return np.append(self.ends, NEVER)[np.minimum(period, len(self.ends))]


def clock(arguments: Arguments, deliveries: int, first_period: int = 0) -> Clock:
    """Return the clock of a request; a cohort that joins in `first_period` starts with that month."""
    begin = pd.Period(arguments.start, "M")
    close = pd.Period(arguments.end, "M")
    months = pd.period_range(begin - WARM_UP_MONTHS, close + deliveries + 1, freq="M")
    days = np.array([day_number(month.start_time.date()) for month in months])
    ends = [(day_number(arguments.end) + 1) * DAY - 1]
    for later in range(1, deliveries + 1):
        ends += [day_number((close + later + 1).start_time.date()) * DAY - 1]
    start = day_number(arguments.start)
    if first_period:
        start = day_number((close + first_period).start_time.date())
    return Clock(start, day_number(arguments.end), days, np.array(ends))
