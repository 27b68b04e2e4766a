"""Commands as a user gives them, and lakes compared to the last row."""

import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

from deltalake import DeltaTable

from carelake.settings import PROJECT
from jobs.bronze.ingest import STAMPS
from tests.lakes import rows, tables

MEMORY = "2g"
"""Of the driver and of each executor."""
PROGRAMS = Path(sys.executable).parent


def start(root: Path | str | None, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Start a program of the environment on the lake below `root`."""
    variables = {"SPARK_MEMORY": MEMORY, "COLUMNS": "500", **environment}
    if root:
        variables["CARELAKE_DATA_DIR"] = str(root)
    inherited = {name: value for name, value in os.environ.items() if name != "SPARK_MASTER"}
    command = [str(PROGRAMS / words[0]), *words[1:]]
    return subprocess.Popen(
        command,
        cwd=PROJECT,
        env=inherited | {"PATH": f"{PROGRAMS}:{os.environ['PATH']}"} | variables,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def carelake(root: Path | str, *words: str, **environment: str) -> subprocess.Popen[str]:
    """Start one of the commands."""
    return start(root, "carelake", *words, **environment)


def submitted(root: Path | None, master: str, wheel: Path, *words: str) -> subprocess.Popen[str]:
    """Start `spark-submit` with a master and the wheel."""
    return start(root, "spark-submit", "--master", master, "--py-files", str(wheel), *words)


def done(process: subprocess.Popen[str]) -> tuple[str, str]:
    """Wait until a program has ended well and return what it printed: output and errors."""
    out, errors = process.communicate()
    assert process.returncode == 0, (out + errors)[-4000:]
    return out, errors


def differences(one: Path, other: Path) -> dict[str, int]:
    """Return in how many rows which tables of two lakes differ, in all columns but the stamps of a run."""
    assert tables(one) == tables(other)
    found = {}
    for table in tables(one):
        first, second = _all_of(one, table), _all_of(other, table)
        found[table] = ((first - second) + (second - first)).total()
    return {table: count for table, count in found.items() if count}


def _all_of(root: Path, table: str) -> Counter[tuple[Any, ...]]:
    columns = {field.name for field in DeltaTable(str(root / "lake" / table)).schema().fields}
    return rows(root, table, *sorted(columns - set(STAMPS)))
