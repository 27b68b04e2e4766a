"""A run that is killed and started again ends in the lake of a run that wasn't."""

import shutil
import signal
import subprocess
import sys

from tests.fragile import Killed
from tests.lakes import arrive, differences, run, split, versions

MOST_COMMITS = 60
CHOSEN = ["patients", "encounters", "facilities", "enrollment", "dim_patient", "fact_enrollment"]
"""A table of each kind: who and where, what happened, a dimension of versions, a fact."""


def run_killed_at_every_commit(spark, root):
    """Start run after run, each of which is killed at its first commit, until one has nothing left to do."""
    for kills in range(MOST_COMMITS):
        try:
            return kills, run(lambda: spark, root, commits=1, side_by_side=1, chosen=CHOSEN)
        except Killed:
            continue
    raise AssertionError("the lake gets nowhere")


def test_killed_at_each_of_its_commits_a_run_still_gets_there(spark, landing, whole, tmp_path):
    files = split(landing, seed=3)
    for folders in ([".", "2025-01-15"], ["2025-02-01", "2025-03-01"]):
        for folder in folders:
            arrive(tmp_path, folder, files[folder])
        before = versions(tmp_path)
        kills, done = run_killed_at_every_commit(spark, tmp_path)
        assert done.failures == []
        after = versions(tmp_path)
        made = sum(after.values()) - sum(before.values()) + len(after) - len(before)
        assert len(after) == 3 * 4 + 2
        assert kills == made, "each run made one commit, and none was made twice"
    assert differences(tmp_path, whole) == {}


def test_after_kill_9_the_next_run_makes_it_good(spark, landing, whole, tmp_path):
    shutil.copytree(landing, tmp_path / "landing_zone")
    for commits in (5, 20):
        command = [sys.executable, "-m", "tests.spark.lakes.killed_run", str(tmp_path), str(commits)]
        ended = subprocess.run(command, check=False, capture_output=True, text=True, timeout=300)
        assert ended.returncode == -signal.SIGKILL, ended.stderr[-2000:]
    assert run(lambda: spark, tmp_path).failures == []
    assert differences(tmp_path, whole) == {}


def test_a_repeated_run_commits_nothing_but_its_line_in_the_ledger(spark, whole):
    before, ledger = versions(whole), len(list((whole / "lake/_runs/_delta_log").glob("*.json")))
    done = run(no_session, whole)
    assert (done.outcome, done.files, {built.status for built in done.built}) == ("done", 0, {"current"})
    assert versions(whole) == before
    assert len(list((whole / "lake/_runs/_delta_log").glob("*.json"))) == ledger + 1


def no_session():
    raise AssertionError("a run with nothing to do needs no session")
