"""Spark's history server, from the installed PySpark, over the event logs of SPARK_EVENT_LOG_DIR."""

import os
import socket
import sys
from pathlib import Path

import pyspark

from carelake.errors import CarelakeError, UsageError
from carelake.settings import PROJECT, load_settings
from carelake.spark import event_log

HOST, PORT = "127.0.0.1", 18080
SERVER = "org.apache.spark.deploy.history.HistoryServer"


def main() -> None:
    """Become the server; UsageError where no event logs are written."""
    conf = event_log(load_settings().spark_event_log_dir)
    if not conf:
        raise UsageError("no event logs are written: set SPARK_EVENT_LOG_DIR, as to data/events, and run")
    conf |= {"spark.history.ui.port": str(free_port()), "spark.port.maxRetries": "0"}
    home = Path(pyspark.__file__).parent
    quiet = f"-Dlog4j2.configurationFile={PROJECT / 'conf/spark/log4j2.properties'}"
    options = [quiet, *(f"-D{key}={value}" for key, value in conf.items())]
    os.environ |= {
        "SPARK_HOME": str(home),
        "SPARK_LOCAL_IP": HOST,
        "SPARK_HISTORY_OPTS": " ".join(options),
    }
    print(f"http://{HOST}:{conf['spark.history.ui.port']} shows {conf['spark.eventLog.dir']}", flush=True)
    os.execv(home / "bin/spark-class", ["spark-class", SERVER])


def free_port() -> int:
    """Return the server's usual port, or another where somebody has that one."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, PORT))
        except OSError:
            probe.bind((HOST, 0))
        return int(probe.getsockname()[1])


if __name__ == "__main__":
    try:
        main()
    except CarelakeError as problem:
        sys.exit(f"history: {problem}")
