"""What a command costs: seconds, CPU seconds of all its processes, memory of the largest one.

Seconds vary with what else a machine does; CPU seconds hardly do, and a ratio of two commands run one after
the other least of all.
"""

import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

KEEPER = Path(__file__).with_name("keeper.py")


@dataclass(frozen=True)
class Cost:
    """What one command took; `peak` is the resident memory of its largest process, in MiB."""

    seconds: float
    cpu: float
    peak: float

    def __add__(self, other: "Cost") -> "Cost":
        """Return what both took, one after the other."""
        return Cost(self.seconds + other.seconds, self.cpu + other.cpu, max(self.peak, other.peak))


def measure(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Cost:
    """Run a command to its end, and that of all processes it started; SystemExit where it fails."""
    kept = subprocess.run(
        [sys.executable, KEEPER, *command],
        cwd=folder,
        env=os.environ | dict(environment),
        check=False,
        capture_output=True,
    )
    if kept.returncode:
        told = kept.stderr.decode(errors="replace")
        sys.exit(f"{' '.join(command)} failed with {kept.returncode}:\n{told[-2000:]}")
    return Cost(**json.loads(kept.stdout))


def cost_of(work: Callable[[], object]) -> Cost:
    """Return what some work in this process takes; the peak is the process's."""
    began, cpu = time.monotonic(), time.process_time()
    work()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Cost(time.monotonic() - began, time.process_time() - cpu, peak)
