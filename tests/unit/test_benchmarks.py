"""What is measured is what was run, and the report says of it neither more nor less."""

import subprocess
import sys
from dataclasses import replace

import pytest

from benchmarks.figure import Figure, keep, kept
from benchmarks.measure import Cost, measure
from benchmarks.report import page
from benchmarks.rows import ROWS
from benchmarks.rows.growth import thin

FIGURE = Figure(
    work="a delivery",
    against="building the lake",
    aim=0.2,
    ours=Cost(seconds=30, cpu=50, peak=1000),
    other=Cost(seconds=100, cpu=180, peak=2000.25),
    commit="abc1234",
    committed="2026-11-22T10:00:00+00:00",
    day="2026-11-22",
    cores=2,
)
BUSY = "import time\nwhile time.process_time() < 0.3: pass"
PARENT = f"import subprocess, sys; subprocess.run([sys.executable, '-c', {BUSY!r}], check=True)"


def lines(*figures):
    return [line for line in page(figures, "").splitlines() if line.startswith("| a delivery")]


def test_a_record_gives_back_what_was_kept_in_it(tmp_path):
    record = tmp_path / "record.jsonl"
    assert kept(record) == []
    later = replace(FIGURE, ours=Cost(10, 20, 30))
    keep(FIGURE, record)
    keep(later, record)
    assert kept(record) == [FIGURE, later]


def test_a_missed_aim_is_said_to_be_missed():
    (line,) = lines(FIGURE)
    assert (
        "| ≤ 0.2 | now | 0.30 (missed) | 30.0 / 100.0 | 50.0 / 180.0 | 1,000.0 / 2,000.2 | `abc1234` |"
        in line
    )
    (line,) = lines(replace(FIGURE, ours=Cost(20, 30, 1000)))
    assert "| now | 0.20 | 20.0 / 100.0 |" in line


def test_the_first_figure_of_a_work_stays_beside_the_latest():
    newer = [
        replace(FIGURE, ours=Cost(seconds, 1, 1), committed=f"2026-11-22T10:00:00-0{hours}:00")
        for hours, seconds in ((2, 15), (1, 25))
    ]
    before, now = lines(*newer, FIGURE)
    assert "| before | 0.30 (missed) |" in before
    assert "| now | 0.15 |" in now


def test_processes_of_a_command_count_too(tmp_path):
    cost = measure([sys.executable, "-c", PARENT], {}, tmp_path)
    assert 0.3 <= cost.cpu < 3
    assert cost.peak > 5


def test_a_process_the_command_did_not_start_is_neither_counted_nor_waited_for(tmp_path):
    with subprocess.Popen([sys.executable, "-c", "input()"], stdin=subprocess.PIPE) as other:
        assert measure([sys.executable, "-c", "pass"], {}, tmp_path).seconds < 30
        assert other.poll() is None


def test_a_process_that_outlives_its_parent_counts(tmp_path):
    left_behind = PARENT.replace("subprocess.run(", "subprocess.Popen(").replace(", check=True", "")
    assert 0.3 <= measure([sys.executable, "-c", left_behind], {}, tmp_path).cpu < 3


def test_a_command_that_fails_ends_the_measurement(tmp_path):
    with pytest.raises(SystemExit, match="no such luck"):
        measure([sys.executable, "-c", "import sys; sys.exit('no such luck')"], {}, tmp_path)


def test_a_thinned_delivery_holds_the_lines_of_some_patients_as_they_were(tmp_path):
    whole, thinned = tmp_path / "whole", tmp_path / "thinned"
    whole.mkdir()
    files = {
        "encounters.csv": b'encounter_id,patient_id,note\nE1,P2,\nE2,P1,"un\nE3,P3,\nE4\n',
        "patients.csv": b"patient_id,city\nP3,A\nP1,\xff\nP1,B\n",
        "beds.csv": b"facility_id,beds\nF1,3\n",
    }
    for name, content in files.items():
        (whole / name).write_bytes(content)
    thin(whole, thinned, 2)
    assert {file.name: file.read_bytes() for file in thinned.iterdir()} == {
        "encounters.csv": b'encounter_id,patient_id,note\nE1,P2,\nE2,P1,"un\n',
        "patients.csv": b"patient_id,city\nP1,\xff\nP1,B\n",
    }


def test_rows_say_what_they_are():
    assert all(row.__doc__ for row in ROWS.values())
