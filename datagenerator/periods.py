"""The calendar of deliveries: period 0 is the initial extract, period k the k-th month after it."""

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments

INITIAL = "."


@dataclass(frozen=True)
class Period:
    """What one delivery covers, both days included, and the folder it arrives in."""

    number: int
    first: date
    last: date

    @property
    def data_through(self) -> datetime:
        """Last instant to which the data is complete once the delivery has arrived."""
        return datetime.combine(self.last, time(23, 59, 59))

    @property
    def folder(self) -> str:
        """Folder in the landing zone: `.`, or the day after the period as an ISO date."""
        return INITIAL if self.number == 0 else (self.last + timedelta(days=1)).isoformat()


def period(arguments: Arguments, number: int) -> Period:
    """Return period `number`; if `end` falls inside a month, period 1 begins with the rest of that month."""
    if number == 0:
        return Period(0, arguments.start, arguments.end)
    month = pd.Period(arguments.end, "M") + number
    first = arguments.end + timedelta(days=1) if number == 1 else month.start_time.date()
    return Period(number, first, month.end_time.date())


def path(arguments: Arguments, number: int, file: str) -> str:
    """Return where a file of a delivery lies, relative to the landing zone."""
    folder = period(arguments, number).folder
    return file if folder == INITIAL else f"{folder}/{file}"


def known_in(moments: pd.Series, arguments: Arguments, deliveries: int) -> npt.NDArray[np.int64]:
    """Return the period each moment falls in, `deliveries` + 1 for those after the last (and for none)."""
    ends = [period(arguments, number).data_through for number in range(deliveries + 1)]
    filled = pd.to_datetime(moments).fillna(pd.Timestamp.max).to_numpy(dtype="datetime64[s]")
    return np.searchsorted(np.array(ends, dtype="datetime64[s]"), filled, side="left").astype(np.int64)
