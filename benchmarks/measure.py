"""What a command costs: seconds, CPU seconds of all its processes, memory of the largest one.

Seconds vary with what else a machine does; CPU seconds hardly do, and a ratio of two commands run one after
the other least of all.
"""

import ctypes
import os
import platform
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What one command took; `peak` is the resident memory of its largest process, in MiB."""

    seconds: float
    cpu: float
    peak: float

    def __add__(self, other: "Cost") -> "Cost":
        """Return what both took, one after the other."""
        return Cost(self.seconds + other.seconds, self.cpu + other.cpu, max(self.peak, other.peak))


def adopt_orphans() -> None:
    """Have processes whose parent ended handed to this one, so that the JVM counts: Python ends before it."""
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def measure(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Cost:
    """Run a command to its end, and that of all processes it started; SystemExit where it fails."""
    began = time.monotonic()
    process = subprocess.Popen(
        command,
        cwd=folder,
        env=os.environ | dict(environment),
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
    )
    assert process.stderr is not None
    with process.stderr as stream:
        told = stream.read().decode(errors="replace")
    cpu, peak = 0.0, 0.0
    while True:
        try:
            pid, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if pid == process.pid:
            process.returncode = os.waitstatus_to_exitcode(status)
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss / 1024)
    if process.returncode:
        sys.exit(f"{' '.join(command)} failed with {process.returncode}:\n{told[-2000:]}")
    return Cost(time.monotonic() - began, cpu, peak)


def cost_of(work: Callable[[], object]) -> Cost:
    """Return what some work in this process takes; the peak is the process's."""
    began, cpu = time.monotonic(), time.process_time()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(time.monotonic() - began, time.process_time() - cpu, peak)
