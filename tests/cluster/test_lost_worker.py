"""A worker dies in the middle of a run, with its executor and what that held: the lake is the same."""

import shutil
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.cluster.commands import differences, done, submitted
from tests.lakes import tables

ENOUGH = 45
"""Of some ninety tables: bronze is loaded, silver is being built."""
pytestmark = pytest.mark.timeout(3600)


def kill_a_worker(running, root, process):
    """Kill a worker once there are enough tables; tell whether the run was still at work."""
    while len(tables(root)) < ENOUGH and process.poll() is None:
        time.sleep(0.2)
    running.kill("worker-1")
    return process.poll() is None


def test_a_run_that_loses_a_worker_and_the_next_on_what_is_left_end_in_the_same_lake(
    local, landing, running, wheel, tmp_path
):
    zone = tmp_path / "landing_zone"
    shutil.copytree(landing, zone, ignore=shutil.ignore_patterns("20*"))
    first = submitted(tmp_path, running.master, wheel, "jobs/submit.py", "run", "all")
    with ThreadPoolExecutor() as pool:
        killed = pool.submit(kill_a_worker, running, tmp_path, first)
        done(first)
    assert killed.result(), "the run was over before the worker died"
    (executor,) = running.folder.glob("worker-1/app-*/*/stderr")
    assert "Finished task" in executor.read_text(encoding="utf-8"), "the worker had no part in the run"
    assert "Telling app of lost executor" in (running.folder / "master.log").read_text(encoding="utf-8")
    shutil.copytree(landing, zone, dirs_exist_ok=True)
    done(submitted(tmp_path, running.master, wheel, "jobs/submit.py", "run", "all"))
    assert differences(local, tmp_path) == {}
