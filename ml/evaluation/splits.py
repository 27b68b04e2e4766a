"""Which rows train, calibrate and test a model: apart in time and by patient."""

import hashlib
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from carelake.errors import CarelakeError

Mask = npt.NDArray[np.bool_]
FOLDS, TEST_FOLDS = 5, 2
"""Folds of patients, and how many of them are only tested on."""
SALT = "carelake"
SHARES = (0.55, 0.15, 0.30)
"""How the days that are left beside the embargoes are shared by training, calibration and test."""


@dataclass(frozen=True)
class Window:
    """A span of prediction times, in whole days: `start` is the first day, `end` the first one after it."""

    start: np.datetime64
    end: np.datetime64

    def holds(self, times: npt.NDArray[np.datetime64]) -> Mask:
        """Tell which times fall in the window."""
        return (self.start <= times) & (times < self.end)

    @property
    def days(self) -> int:
        """The length in days."""
        return int((self.end - self.start).astype(int))


@dataclass(frozen=True)
class Windows:
    """Three windows in order, an embargo between each two: labels of one are known when the next begins."""

    train: Window
    calibrate: Window
    test: Window


@dataclass(frozen=True)
class Split:
    """The part each row plays, as flags of all rows; a row that is in none of the three is left out.

    `left_out` counts those by reason. `fold` is the fold of each row's patient: the development rows have
    several, so a search over settings can cross-validate by patient too.
    """

    train: Mask
    calibrate: Mask
    test: Mask
    fold: npt.NDArray[np.int64]
    left_out: dict[str, int]

    @property
    def counts(self) -> dict[str, int]:
        """The number of rows of each part."""
        parts = {"train": self.train, "calibrate": self.calibrate, "test": self.test}
        return {name: int(rows.sum()) for name, rows in parts.items()}


def windows(
    first: date, data_through: date, label_days: int, shares: tuple[float, float, float] = SHARES
) -> Windows:
    """Return the windows of prediction times between the first one and the last whose label is known.

    Args:
        first: day of the earliest prediction.
        data_through: last day of which the lake holds all data. A label looks `label_days` ahead, so it is
            known of predictions up to that many days before.
        label_days: days that a label looks ahead, and so the days left empty between two windows.
        shares: of the remaining days, for training, calibration and test.

    Raises:
        CarelakeError: the data is too short for three windows.
    """
    start: np.datetime64 = np.datetime64(first, "D")
    end: np.datetime64 = np.datetime64(data_through, "D") - label_days + 1
    days = int((end - start).astype(int)) - 2 * label_days
    lengths = [int(days * share / sum(shares)) for share in shares[:2]]
    lengths.append(days - sum(lengths))
    if min(lengths) < 1:
        raise CarelakeError(
            f"{first} to {data_through} is too short to train, calibrate and test on labels of "
            f"{label_days} days: that takes more than {3 * label_days} days; load more data"
        )
    parts = []
    for length in lengths:
        parts.append(Window(start, start + length))
        start = parts[-1].end + label_days
    return Windows(*parts)


def folds(patients: npt.ArrayLike, count: int = FOLDS, salt: str = SALT) -> npt.NDArray[np.int64]:
    """Return the fold of each row's patient, from 0: SHA-256 of salt and patient, the same everywhere."""
    known, places = np.unique(np.asarray(patients, dtype=str), return_inverse=True)
    # Python's own hash() differs from process to process.
    digests = (hashlib.sha256(f"{salt}:{patient}".encode()).digest() for patient in known)
    fold = np.array([int.from_bytes(digest[:8]) % count for digest in digests], dtype=np.int64)
    return fold[places]


def split(
    patients: npt.ArrayLike,
    predicted_from: npt.ArrayLike,
    among: Windows,
    *,
    test_folds: int = TEST_FOLDS,
    count: int = FOLDS,
    salt: str = SALT,
) -> Split:
    """Divide rows by window and by patient: patients of the first `test_folds` folds are only tested on.

    So a model is tested on patients it has never seen, in a time it has never seen. The price is that rows of
    test patients before the test window, and of others within it, are left out.
    """
    times = np.asarray(predicted_from, dtype="datetime64[us]")
    fold = folds(patients, count, salt)
    is_test_patient = fold < test_folds
    training, calibrating, testing = (
        window.holds(times) for window in (among.train, among.calibrate, among.test)
    )
    developing = training | calibrating
    left_out = {
        "outside the windows": ~(developing | testing),
        "test patient before the test window": developing & is_test_patient,
        "other patient in the test window": testing & ~is_test_patient,
    }
    return Split(
        train=training & ~is_test_patient,
        calibrate=calibrating & ~is_test_patient,
        test=testing & is_test_patient,
        fold=fold,
        left_out={reason: int(rows.sum()) for reason, rows in left_out.items()},
    )
