"""A session that can't be started says what to look at."""

import subprocess
import sys

START = """
from carelake.errors import CarelakeError
from carelake.settings import Settings
from carelake.spark import build_session

try:
    build_session(Settings(spark_master="local[2]", spark_memory="lots"))
except CarelakeError as problem:
    print(problem)
"""


def test_a_session_that_cannot_be_started_says_what_to_look_at():
    told = subprocess.run([sys.executable, "-c", START], capture_output=True, text=True, check=True).stdout
    assert "Spark could not be started" in told
    assert "Java 17 or newer" in told
    assert "SPARK_MEMORY=lots" in told
