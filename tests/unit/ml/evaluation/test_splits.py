"""Rows are divided by time and by patient, the same way everywhere, and what is left out is counted."""

import subprocess
import sys
from datetime import date

import numpy as np
import pytest

from carelake.errors import CarelakeError
from ml.evaluation.splits import Window, Windows, folds, split, windows


def day(text: str) -> np.datetime64:
    return np.datetime64(text, "D")


def window(start: str, end: str) -> Window:
    return Window(day(start), day(end))


JANUARY_TO_JUNE = Windows(
    train=window("2025-01-01", "2025-02-01"),
    calibrate=window("2025-03-01", "2025-04-01"),
    test=window("2025-05-01", "2025-06-01"),
)


def test_windows_share_the_days_beside_the_embargoes():
    # 365 days of predictions whose label is known, less two embargoes of 30: 305 days.
    found = windows(date(2025, 1, 1), date(2026, 1, 30), 30, shares=(0.6, 0.2, 0.2))
    assert found == Windows(
        train=window("2025-01-01", "2025-07-03"),
        calibrate=window("2025-08-02", "2025-10-02"),
        test=window("2025-11-01", "2026-01-01"),
    )
    assert [part.days for part in (found.train, found.calibrate, found.test)] == [183, 61, 61]


@pytest.mark.parametrize("label_days", [30, 90, 365])
def test_labels_of_a_window_are_known_when_the_next_begins_and_the_last_ones_by_the_horizon(label_days):
    horizon = date(2026, 6, 30)
    found = windows(date(2020, 3, 1), horizon, label_days)
    last_days = [part.end - 1 for part in (found.train, found.calibrate, found.test)]
    next_starts = [found.calibrate.start, found.test.start, day("2026-07-01")]
    assert [after - last for last, after in zip(last_days, next_starts, strict=True)] == [
        np.timedelta64(label_days + 1, "D")
    ] * 3


def test_data_too_short_for_three_windows_is_told():
    with pytest.raises(
        CarelakeError, match=r"too short .* labels of 365 days: that takes more than 1095 days"
    ):
        windows(date(2023, 1, 1), date(2025, 12, 31), 365)


def test_a_window_holds_its_first_instant_and_not_its_end():
    times = np.array(
        ["2024-12-31T23:59:59", "2025-01-01T00:00:00", "2025-01-31T23:59:59", "2025-02-01T00:00:00"]
    )
    held = JANUARY_TO_JUNE.train.holds(times.astype("datetime64[us]"))
    assert held.tolist() == [False, True, True, False]


def test_folds_are_those_of_sha256():
    # `printf salt:P1 | sha256sum` begins 58d9a937b5c0b0aa, P2 3383e60333e320a5, P3 8ab7f67794016928.
    expected = [number % 5 for number in (0x58D9A937B5C0B0AA, 0x3383E60333E320A5, 0x8AB7F67794016928)]
    assert folds(["P1", "P2", "P3", "P1"], 5, "salt").tolist() == [*expected, expected[0]]


def test_folds_are_the_same_in_another_process():
    code = "from ml.evaluation.splits import folds; print(folds([f'P{i}' for i in range(50)]).tolist())"
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert told.strip() == str(folds([f"P{i}" for i in range(50)]).tolist())


def test_folds_are_about_equal_and_change_with_the_salt():
    patients = [f"P{number}" for number in range(5000)]
    counts = np.bincount(folds(patients), minlength=5)
    assert counts.min() > 900
    assert counts.sum() == 5000
    assert (folds(patients) != folds(patients, salt="other")).mean() > 0.7


def test_rows_play_the_part_of_their_window_and_their_patient(monkeypatch):
    monkeypatch.setattr(
        "ml.evaluation.splits.folds", lambda patients, *_: np.array([int(p) for p in patients])
    )
    rows = [
        ("0", "2025-01-10"),  # a test patient before the test window
        ("2", "2025-01-10"),  # train
        ("2", "2025-02-15"),  # embargo
        ("3", "2025-03-31"),  # calibrate
        ("1", "2025-03-01"),  # a test patient before the test window
        ("1", "2025-05-31"),  # test
        ("4", "2025-05-01"),  # another patient in the test window
        ("2", "2026-01-01"),  # after all
    ]
    found = split([patient for patient, _ in rows], [time for _, time in rows], JANUARY_TO_JUNE)
    assert np.flatnonzero(found.train).tolist() == [1]
    assert np.flatnonzero(found.calibrate).tolist() == [3]
    assert np.flatnonzero(found.test).tolist() == [5]
    assert found.counts == {"train": 1, "calibrate": 1, "test": 1}
    assert found.left_out == {
        "outside the windows": 2,
        "test patient before the test window": 2,
        "other patient in the test window": 1,
    }


def test_no_patient_is_on_both_sides_and_every_row_is_counted_once():
    random = np.random.default_rng(3)
    patients = random.integers(300, size=4000).astype(str)
    times = np.datetime64("2025-01-01") + random.integers(200, size=4000).astype("timedelta64[D]")
    found = split(patients, times, JANUARY_TO_JUNE)
    assert not set(patients[found.train | found.calibrate]) & set(patients[found.test])
    assert sum(found.counts.values()) + sum(found.left_out.values()) == 4000
    assert min(found.counts.values()) > 100
    assert set(found.fold[found.test]) == {0, 1}
    assert set(found.fold[found.train]) == {2, 3, 4}
