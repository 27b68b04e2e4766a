"""beds: the midnight census of every open ward, with the beds that were staffed for it."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.capacity import UNITS, expected_census
from datagenerator.draws import Floats, Hashes, hashes, uniform
from datagenerator.periods import known_in, period
from datagenerator.reports.bed_days import Counts
from datagenerator.world import figures

# Odd numbers that set days and weeks of one ward apart before they are scrambled.
DAY_STEP, WEEK_STEP = np.uint64(0xD1342543DE82EF95), np.uint64(0xAF251AF3B0F025B5)
WRITTEN_AFTER, LATEST_BEFORE_END = pd.Timedelta(hours=29), pd.Timedelta(minutes=1)
WRITING_SECONDS = 2 * 3_600
BUDGET_SPREAD = 0.12


@dataclass(frozen=True)
class Wards:
    """Units that facilities run.

    `frame` has facility_id, unit and state, the arrays beside it each ward's place in facilities x units, its
    licensed beds, the patients to expect, and a hash.
    """

    frame: pd.DataFrame
    place: tuple[np.ndarray, np.ndarray]
    licensed: np.ndarray
    expected: Floats
    base: Hashes

    def parts(self, size: int) -> Iterator["Wards"]:
        """Cut the wards into parts of `size`, in their order."""
        for first in range(0, len(self.frame), size):
            some = slice(first, first + size)
            yield Wards(
                self.frame[some].reset_index(drop=True),
                (self.place[0][some], self.place[1][some]),
                self.licensed[some],
                self.expected[some],
                self.base[some],
            )


def wards(arguments: Arguments, facilities: pd.DataFrame) -> Wards:
    """Return the units with beds, facility by facility."""
    beds = facilities[[f"beds_{unit}" for unit in UNITS]].to_numpy(int)
    facility, unit = np.nonzero(beds)
    rows = facilities[["facility_id", "state"]].iloc[facility].reset_index(drop=True)
    rows.insert(1, "unit", np.array(UNITS, dtype=object)[unit])
    expected = expected_census(arguments, facilities)[facility, unit]
    names = hashes(rows["facility_id"] + "|" + rows["unit"])
    return Wards(rows, (facility, unit), beds[facility, unit], expected, names)


def beds(census: Counts, known: Wards, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the rows of the wards' open days with `_known`; `census` is facilities x units x days.

    A day is known when it is over, and nothing learned later changes it. Latent columns for the staffing:
    `_state`, `_expected` (patients), `_budget` (beds, before more were opened), `_ward` and `_day` (hashes).
    """
    patients = census[known.place]
    numbers = np.arange(patients.shape[1], dtype=np.uint64) + np.uint64(_epoch_day(arguments))
    by_day = known.base[:, None] + numbers * DAY_STEP
    ward, day = np.nonzero((patients > 0) | _open_when_empty(known, by_day, arguments))
    rows = known.frame.rename(columns={"state": "_state"}).iloc[ward].reset_index(drop=True)
    rows["bed_date"] = pd.Timestamp(arguments.start) + pd.to_timedelta(day, unit="D")
    rows["licensed_beds"], rows["occupied_beds"] = known.licensed[ward], patients[ward, day]
    rows["_expected"], rows["_ward"], rows["_day"] = known.expected[ward], known.base[ward], by_day[ward, day]
    rows["_budget"] = _budget(rows, known.base[ward] + numbers[day] // np.uint64(7) * WEEK_STEP, arguments)
    rows["staffed_beds"] = _staffed(rows, arguments)
    rows["_known"] = known_in(rows["bed_date"], arguments, deliveries)
    return rows.assign(updated_at=written(rows["bed_date"], rows["_known"], rows["_day"], arguments))


def written(days: pd.Series, known: pd.Series, base: Hashes, arguments: Arguments) -> pd.Series:
    """Return when the reports of days are written: the next morning, but within their own period."""
    seconds = (uniform(base, arguments.seed, "ward report written") * WRITING_SECONDS).astype(np.int64)
    moment = days + WRITTEN_AFTER + pd.to_timedelta(seconds, unit="s")
    ends = {n: pd.Timestamp(period(arguments, n).data_through) for n in np.unique(known)}
    return moment.clip(upper=pd.to_datetime(known.map(ends)) - LATEST_BEFORE_END)


def _epoch_day(arguments: Arguments) -> int:
    return (pd.Timestamp(arguments.start) - pd.Timestamp(0)).days


def _open_when_empty(known: Wards, by_day: Hashes, arguments: Arguments) -> np.ndarray:
    """Tell for wards x days whether a ward stays open without patients: the less it expects, the rarer."""
    share = np.minimum(known.expected / figures(arguments.world, "beds")["always_open_from"], 1.0)
    return uniform(by_day, arguments.seed, "empty ward stays open") < share[:, None] ** 2


def _budget(rows: pd.DataFrame, by_week: Hashes, arguments: Arguments) -> np.ndarray:
    """Return the beds planned for the week, for the patients that there are when the ward is open at all."""
    target = figures(arguments.world, "beds")["staffed_occupancy"]
    patients = rows["_expected"] / -np.expm1(-rows["_expected"])
    plan = 1 + BUDGET_SPREAD * (uniform(by_week, arguments.seed, "beds planned") - 0.5)
    whole = np.floor(patients / target * plan + uniform(by_week, arguments.seed, "beds rounded"))
    return np.clip(whole, 1, rows["licensed_beds"]).astype(int)


def _staffed(rows: pd.DataFrame, arguments: Arguments) -> pd.Series:
    """Return the staffed beds: the budget, or as many as are needed where more were opened in time."""
    share = figures(arguments.world, "beds")["unopened"]
    opened = uniform(rows["_day"].to_numpy(), arguments.seed, "beds opened in time") >= share
    needed = rows["occupied_beds"].where(opened, rows["_budget"])
    return np.maximum(needed, rows["_budget"]).clip(upper=rows["licensed_beds"])
