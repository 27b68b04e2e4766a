"""The one place that builds a Spark session."""

import logging
import os
import sys
from pathlib import Path

from py4j.protocol import Py4JJavaError
from pyspark import SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from carelake.errors import CarelakeError
from carelake.settings import PROJECT, Settings

CACHE = PROJECT / ".cache"
GATEWAY = "PYSPARK_GATEWAY_PORT"
"""Set where spark-submit started the JVM."""
DELTA_CLASS = "io.delta.sql.DeltaSparkSessionExtension"
SMALL_JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=256m"]
LARGE_JVM = ["-XX:+UseParallelGC"]
LARGE_INPUT_BYTES = 200_000_000
"""From here on the JVM's second compiler pays for itself."""


def build_session(settings: Settings, *, conf_dir: Path = PROJECT / "conf/spark") -> SparkSession:
    """Return the session for the configured master, with Delta; a running session is reused.

    Settings come from `conf/spark/local.conf`, or `standalone.conf` for a cluster. The class-data archive
    and the jars are used where `make` put them; without the archive the start is slower, never broken.
    CarelakeError where Spark can't be started, or there is no Delta to work with.
    """
    os.environ["PYSPARK_PYTHON"] = sys.executable
    os.environ.pop("SPARK_REMOTE", None)
    _leave_jvm_without_delta()
    logging.getLogger("py4j").setLevel(logging.WARNING)
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    local = settings.spark_master.startswith("local")
    builder = SparkSession.builder.appName("carelake").master(settings.spark_master)
    for key, value in read_conf(conf_dir / ("local.conf" if local else "standalone.conf")).items():
        builder = builder.config(key, value)
    for key, value in _derived(settings, local).items():
        builder = builder.config(key, value)
    try:
        return builder.getOrCreate()
    except Exception as problem:
        raise _not_started(settings, problem) from problem


def _not_started(settings: Settings, problem: Exception) -> CarelakeError:
    told = str(problem).strip().splitlines()[0]
    return CarelakeError(
        f"Spark could not be started ({told}); it needs Java 17 or newer (`java -version`, JAVA_HOME), a "
        f"master that it can reach (SPARK_MASTER={settings.spark_master}) and a heap of at least 512m "
        f"(SPARK_MEMORY={settings.spark_memory})"
    )


def end_session(session: SparkSession) -> None:
    """Stop the session, and wait for the JVM that was started for it: a command leaves nothing running."""
    gateway = SparkContext._gateway
    session.stop()
    jvm = getattr(gateway, "proc", None)
    if gateway is None or jvm is None:
        return
    gateway.shutdown()
    # The JVM ends when the pipe to it closes; the class keeps the gateway for the next session.
    jvm.stdin.close()
    jvm.wait()
    SparkContext._gateway = SparkContext._jvm = None


def _leave_jvm_without_delta() -> None:
    """Have the session start a JVM of its own where spark-submit started one without Delta's jars.

    A JVM that runs already can't get them any more. Where there are no jars to start one with, say so.
    """
    if GATEWAY in os.environ:
        jvm = launch_gateway().jvm  # type: ignore[no-untyped-call]  # PySpark leaves it bare
        try:
            jvm.java.lang.Class.forName(DELTA_CLASS)
        except Py4JJavaError:
            os.environ.pop(GATEWAY)
        else:
            return
    if not any((CACHE / "jars").glob("*.jar")):
        raise CarelakeError("Delta's jars aren't in .cache/jars yet; run `make setup` once")


def read_conf(path: Path) -> dict[str, str]:
    """Read a Spark configuration file: a key and its value per line, `#` for comments."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.split(None, 1) for line in lines if line.strip() and not line.startswith("#"))
    return {key: value.strip() for key, value in pairs}


def _derived(settings: Settings, local: bool) -> dict[str, str]:
    jars = sorted(str(jar) for jar in (CACHE / "jars").glob("*.jar"))
    derived = {
        "spark.driver.memory": settings.spark_memory,
        "spark.driver.extraJavaOptions": " ".join(_java_options(settings)),
    } | event_log(settings.spark_event_log_dir)
    if jars and local:
        derived["spark.driver.extraClassPath"] = os.pathsep.join(jars)
    elif jars:
        derived["spark.jars"] = ",".join(jars)
        derived["spark.executor.memory"] = settings.spark_memory
    return derived


def event_log(place: str) -> dict[str, str]:
    """Return what has Spark write event logs to a folder or URI, and its history server read them."""
    if not place:
        return {}
    if "://" not in place:
        Path(place).mkdir(parents=True, exist_ok=True)
        place = Path(place).absolute().as_uri()
    return {
        "spark.eventLog.enabled": "true",
        "spark.eventLog.dir": place,
        "spark.history.fs.logDirectory": place,
    }


def _java_options(settings: Settings) -> list[str]:
    options = [f"-Dlog4j2.configurationFile={PROJECT / 'conf/spark/log4j2.properties'}"]
    archive = CACHE / "spark.jsa"
    large = _bytes_in(settings.landing_zone) >= LARGE_INPUT_BYTES
    options += LARGE_JVM if large else SMALL_JVM
    if archive.exists() and not large:
        options += [f"-XX:SharedArchiveFile={archive}", "-Xlog:disable", "-Xlog:all=off"]
    return options


def _bytes_in(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*.csv")) if folder.exists() else 0
