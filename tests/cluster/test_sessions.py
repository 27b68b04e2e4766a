"""However a session on a cluster is started, it does what was said, and executors run the wheel."""

import json
import os
from pathlib import Path

import pytest

from carelake.settings import PROJECT
from tests.cluster.commands import done, start, submitted

TOLD = "tests/cluster/told.py"
JARS = sorted(str(jar) for jar in (PROJECT / ".cache/jars").glob("*.jar"))
WAYS = {
    "without Delta": ([], True),
    "with Delta on the class path": (["--driver-class-path", ":".join(JARS)], False),
    "with Delta among the jars": (["--jars", ",".join(JARS)], False),
}


def told(process):
    return json.loads(done(process)[0].splitlines()[-1])


@pytest.mark.parametrize(("words", "own_jvm"), WAYS.values(), ids=WAYS)
def test_what_spark_submit_was_told_holds(running, wheel, words, own_jvm):
    conf = ["--conf", "spark.sql.shuffle.partitions=7", *words, TOLD]
    found = told(submitted(None, running.master, wheel, *conf))
    assert (found["master"], found["partitions"], found["own_jvm"]) == (running.master, "7", own_jvm)
    assert wheel.name in Path(found["code"]).parts
    assert found["rows"] == 3


def test_a_command_with_spark_master_shares_the_wheel(running, wheel):
    found = told(start(None, "python", TOLD, SPARK_MASTER=running.master))
    assert found["master"] == running.master
    assert wheel.name in Path(found["code"]).parts


def test_a_wheel_older_than_the_code_is_refused(running, wheel):
    made = wheel.stat()
    os.utime(wheel, (0, 0))
    try:
        process = start(None, "python", TOLD, SPARK_MASTER=running.master)
        errors = process.communicate()[1]
    finally:
        os.utime(wheel, ns=(made.st_atime_ns, made.st_mtime_ns))
    assert process.returncode == 1
    assert "`make wheel` builds it anew" in errors
