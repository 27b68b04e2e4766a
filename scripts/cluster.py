"""A Spark cluster on this machine: a master and workers of the installed PySpark, on loopback alone.

`python scripts/cluster.py` runs it until Ctrl-C; tests use `cluster` as a context manager.
"""

import argparse
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyspark

from carelake.settings import PROJECT, load_settings

HOST = "127.0.0.1"
START_SECONDS = 60
END_SECONDS = 20
ENVIRONMENT = {
    # The web pages of master and workers listen where this says.
    "SPARK_LOCAL_IP": HOST,
    "SPARK_DAEMON_MEMORY": "512m",
    "SPARK_DAEMON_JAVA_OPTS": "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC",
    # Of no use here, and its port is a fixed one.
    "SPARK_MASTER_OPTS": "-Dspark.master.rest.enabled=false",
}


@dataclass(frozen=True)
class Cluster:
    """A running cluster; each process leads a group that holds the executors it started too.

    `folder` has a log of each, and of each worker's executors in a folder of its name.
    """

    folder: Path
    master: str
    page: str
    processes: dict[str, subprocess.Popen[bytes]]

    def kill(self, name: str) -> None:
        """Kill a worker with its executors at once, as a machine that fails."""
        _signal(self.processes[name], signal.SIGKILL)
        self.processes[name].wait()


@contextmanager
def cluster(folder: Path, memory: str, *, workers: int = 2, port: int = 0) -> Iterator[Cluster]:
    """Run a master and workers of one core each, and end them with the block.

    `folder` takes logs and the workers' files; `memory` is each worker's, as `4g`; port 0 is any free one.
    """
    with ExitStack() as running:
        address = ["--host", HOST, "--webui-port", "0"]
        log, process = _start("Master", folder / "master.log", [*address, "--port", str(port)], running)
        processes = {"master": process}
        master = _told(log, process, r"Starting Spark master at (\S+)")
        page = _told(log, process, r"MasterWebUI.* started at (\S+)")
        for number in range(1, workers + 1):
            name = f"worker-{number}"
            options = ["--cores", "1", "--memory", memory, "--work-dir", str(folder / name), master]
            log, process = _start("Worker", folder / f"{name}.log", [*address, *options], running)
            processes[name] = process
            _told(log, process, r"(Successfully registered)")
        yield Cluster(folder, master, page, processes)


def _start(
    role: str, log: Path, options: list[str], running: ExitStack
) -> tuple[Path, subprocess.Popen[bytes]]:
    log.parent.mkdir(parents=True, exist_ok=True)
    start = Path(pyspark.__file__).parent / "bin/spark-class"
    command = [str(start), f"org.apache.spark.deploy.{role.lower()}.{role}", *options]
    with log.open("wb") as output:
        # A session of its own: Ctrl-C reaches this script alone, which ends the others in order.
        process = subprocess.Popen(
            command,
            env=os.environ | ENVIRONMENT,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    running.callback(_end, process)
    return log, process


def _told(log: Path, process: subprocess.Popen[bytes], pattern: str) -> str:
    """Wait until a log says something and return it; SystemExit names the log where it never does."""
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if found := re.search(pattern, log.read_text(encoding="utf-8")):
            return found[1]
        time.sleep(0.2)
    sys.exit(f"the cluster did not start: see {log}")


def _end(process: subprocess.Popen[bytes]) -> None:
    _signal(process, signal.SIGTERM)
    try:
        process.wait(END_SECONDS)
    except subprocess.TimeoutExpired:
        _signal(process, signal.SIGKILL)
        process.wait()


def _signal(process: subprocess.Popen[bytes], number: int) -> None:
    if process.poll() is None:
        os.killpg(process.pid, number)


def main() -> None:
    """Run a cluster until Ctrl-C or SIGTERM."""
    parser = argparse.ArgumentParser(description="A Spark master and workers on this machine.")
    parser.add_argument("--workers", type=int, default=2, help="workers of one core each (default 2)")
    parser.add_argument("--port", type=int, default=7077, help="the master's port (default 7077)")
    arguments = parser.parse_args()
    memory, folder = load_settings().spark_memory, PROJECT / ".cache/cluster"
    shutil.rmtree(folder, ignore_errors=True)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        with cluster(folder, memory, workers=arguments.workers, port=arguments.port) as running:
            print(f"{arguments.workers} workers, each of one core and {memory}; {running.page} shows them")
            print(f"SPARK_MASTER={running.master} uv run carelake run all")
            print("Ctrl-C ends it", flush=True)
            signal.pause()
    except KeyboardInterrupt:
        print("the cluster has ended")


if __name__ == "__main__":
    main()
