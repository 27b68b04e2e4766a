"""A lake has one writer; its lock dies with its process, however that ends."""

import signal
import subprocess
import sys

import pytest

from carelake.errors import CarelakeError
from carelake.lock import at_rest, exclusive

HOLDER = """
import sys
from pathlib import Path
from carelake.lock import exclusive
with exclusive(Path(sys.argv[1])):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_a_second_run_is_refused_with_what_to_do(tmp_path):
    lake = tmp_path / "lake"
    with (
        exclusive(lake),
        pytest.raises(CarelakeError, match="another run or check is working on") as problem,
        exclusive(lake),
    ):
        pytest.fail("two runs at once")
    assert "wait for it to end" in str(problem.value)
    assert problem.value.exit_code == 1


def test_the_next_run_goes_on_when_the_first_has_failed(tmp_path):
    with pytest.raises(ZeroDivisionError), exclusive(tmp_path):
        _ = 1 / 0
    with exclusive(tmp_path):
        pass


def test_a_killed_process_leaves_no_lock_behind(tmp_path):
    command = [sys.executable, "-c", HOLDER, str(tmp_path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"held\n"
        with pytest.raises(CarelakeError), exclusive(tmp_path):
            pytest.fail("another process holds it")
        holder.send_signal(signal.SIGKILL)
        holder.wait()
        with exclusive(tmp_path):
            pass


def test_checks_go_side_by_side_and_keep_a_run_out(tmp_path):
    with exclusive(tmp_path):
        pass
    with at_rest(tmp_path), at_rest(tmp_path), pytest.raises(CarelakeError), exclusive(tmp_path):
        pytest.fail("a run started during a check")


def test_a_check_waits_for_the_end_of_a_run(tmp_path):
    with exclusive(tmp_path), pytest.raises(CarelakeError, match="wait for it to end"), at_rest(tmp_path):
        pytest.fail("a check of a lake that is being changed")


def test_a_check_of_a_lake_that_is_not_there_leaves_none(tmp_path):
    with at_rest(tmp_path / "lake"):
        pass
    assert list(tmp_path.iterdir()) == []
