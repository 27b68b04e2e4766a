"""What the stages of a demo cost: seconds, CPU seconds of all their processes, memory of the largest one.

Each stage is a command of its own, as a user runs it, so each that needs Spark pays for its start, where
`carelake demo` pays once. Compare CPU seconds: what else the machine does hardly changes them.
"""

import argparse
import ctypes
import os
import platform
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path

CARELAKE = str(Path(sys.executable).with_name("carelake"))
PR_SET_CHILD_SUBREAPER = 36


@dataclass(frozen=True)
class Cost:
    """What one command took; `peak` is the resident memory of its largest process, in MiB."""

    seconds: float
    cpu: float
    peak: float


def stages(patients: int, landing_zone: Path) -> dict[str, list[str]]:
    """Return the commands to measure by what they show; the ratios are those of the default data."""
    sizes = {"--patients": patients, "--encounters": patients * 5, "--claims": patients * 10}
    asked = [str(part) for pair in sizes.items() for part in pair]
    return {
        "generate": ["generate", *asked, "--output", str(landing_zone)],
        "bronze": ["run", "bronze"],
        "silver": ["run", "silver"],
        "gold": ["run", "gold"],
        "nothing new": ["run"],
        "generate next": ["generate", "--next", "--output", str(landing_zone)],
        "next delivery": ["run"],
        "train": ["train", "readmission"],
        "score": ["score", "readmission"],
        "verify": ["verify"],
    }


def adopt_orphans() -> None:
    """Have processes whose parent ended handed to this one, so that the JVM counts: Python ends before it."""
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def measure(arguments: list[str], environment: dict[str, str]) -> Cost:
    """Run one command to its end, and that of all processes it started; SystemExit where it fails."""
    began = time.monotonic()
    process = subprocess.Popen([CARELAKE, *arguments], env=environment, stdout=subprocess.DEVNULL)
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
        sys.exit(f"carelake {' '.join(arguments)} failed")
    return Cost(time.monotonic() - began, cpu, peak)


def main() -> None:
    """Measure the stages one after another on a lake of its own, and print a line for each."""
    parser = argparse.ArgumentParser(description="Measure the stages of a demo.")
    parser.add_argument("--patients", type=int, default=2000, help="size of the population (default 2000)")
    patients = parser.parse_args().patients
    adopt_orphans()
    print(f"{patients} patients, {os.cpu_count()} cores, Python {platform.python_version()}")
    print(f"{'stage':<14} {'seconds':>8} {'CPU s':>8} {'peak MiB':>9}")
    with tempfile.TemporaryDirectory() as folder:
        environment = os.environ | {"CARELAKE_DATA_DIR": folder}
        for name, arguments in stages(patients, Path(folder) / "landing_zone").items():
            cost = measure(arguments, environment)
            print(f"{name:<14} {cost.seconds:>8.1f} {cost.cpu:>8.1f} {cost.peak:>9.0f}", flush=True)


if __name__ == "__main__":
    main()
