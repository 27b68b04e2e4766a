"""Run a command and print, as JSON, what it and all processes that it started took.

A process of its own, since it waits for every child it has: in the process that measures, a child of
something else would be counted, and waited for without end.
"""

import ctypes
import json
import os
import platform
import subprocess
import sys
import time

PR_SET_CHILD_SUBREAPER = 36


def adopt_orphans() -> None:
    """Have processes whose parent ended handed to this one, so that the JVM counts: Python ends before it."""
    if platform.system() == "Linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1)


def keep(command: list[str]) -> int:
    """Wait for a command and all it leaves behind, print its cost, and return its exit status."""
    began = time.monotonic()
    main = subprocess.Popen(command, stdout=subprocess.DEVNULL).pid
    exit_status, cpu, peak = 0, 0.0, 0.0
    while True:
        try:
            pid, status, used = os.wait4(-1, 0)
        except ChildProcessError:
            break
        if pid == main:
            exit_status = os.waitstatus_to_exitcode(status)
        cpu += used.ru_utime + used.ru_stime
        peak = max(peak, used.ru_maxrss / 1024)
    print(json.dumps({"seconds": time.monotonic() - began, "cpu": cpu, "peak": peak}))
    return exit_status


if __name__ == "__main__":
    adopt_orphans()
    sys.exit(keep(sys.argv[1:]))
