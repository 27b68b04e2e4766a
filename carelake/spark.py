"""The one place that builds a Spark session."""

import logging
import os
import sys
from functools import cache
from pathlib import Path

from pyspark import SparkConf, SparkContext
from pyspark.java_gateway import launch_gateway
from pyspark.sql import SparkSession

from carelake.errors import CarelakeError
from carelake.places import is_local
from carelake.settings import PROJECT, Settings

CACHE = PROJECT / ".cache"
GATEWAY = "PYSPARK_GATEWAY_PORT"
"""Set where spark-submit started the JVM."""
NO_MASTER = "local[*]"
"""What spark-submit says where it was given no master."""
DELTA_CLASS = "io.delta.sql.DeltaSparkSessionExtension"
LOOPBACK = "127.0.0.1"
SHORT_JVM = ["-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-XX:ReservedCodeCacheSize=256m"]
"""For a minute of work: the second compiler would take longer than it saves."""
THRESHOLDS = {"Invocation": 100_000, "MinInvocation": 12_000, "Compile": 300_000, "BackEdge": 800_000}
LATE = [f"-XX:Tier4{kind}Threshold={times}" for kind, times in THRESHOLDS.items()]
"""Most plans run once: the second compiler takes what has run twenty times as often as the JVM would ask."""
LONG_JVM = ["-XX:+UseSerialGC", "-XX:NewRatio=1", "-XX:InitialRAMPercentage=8", *LATE]
"""Plans are made, used once and dropped: half of the heap is for what is young, and there from the start."""
LARGE_JVM = ["-XX:+UseParallelGC", "-XX:-DontCompileHugeMethods", *LATE]
"""Without the second, code that Spark generates is interpreted where a method is longer than 8,000 bytes."""
LARGE_INPUT_BYTES = 200_000_000
"""From here on compiled plans and a collector on all cores pay for themselves."""
LISTS = {"spark.jars": ",", "spark.driver.extraClassPath": os.pathsep}
"""Settings to which spark-submit's value is added, and what separates the two."""


def build_session(
    settings: Settings, *, is_long: bool = False, conf_dir: Path = PROJECT / "conf/spark"
) -> SparkSession:
    """Return the session for the configured master, with Delta; a running session is reused.

    `is_long` says that it will build many tables: it takes the JVM that starts slower and works faster.

    Settings come from `conf/spark/common.conf`, then `local.conf`, with `small.conf` where there is little to
    read, or `standalone.conf` for a cluster, and `s3.conf` for data in an object store; what spark-submit was
    told beats them, and its master beats SPARK_MASTER. The class-data archive and the jars are used where
    `make` put them; without the archive the start is slower, never broken.
    CarelakeError where Spark can't be started, or there is no Delta to work with.
    """
    os.environ.setdefault("PYSPARK_PYTHON", sys.executable)
    os.environ.pop("SPARK_REMOTE", None)
    logging.getLogger("py4j").setLevel(logging.WARNING)
    for name in ("SQLQueryContextLogger", "DataFrameQueryContextLogger"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    told = _told_to_submit()
    given = told.get("spark.master", NO_MASTER)
    master = settings.spark_master if given == NO_MASTER else given
    builder = SparkSession.builder.appName("carelake")
    for key, value in configured(settings, conf_dir, master, told, is_long=is_long).items():
        builder = builder.config(key, value)
    try:
        return builder.master(master).getOrCreate()
    except Exception as problem:
        raise _not_started(settings, master, problem) from problem


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


def read_conf(path: Path) -> dict[str, str]:
    """Read a Spark configuration file: a key and its value per line, `#` for comments."""
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    pairs = (line.split(None, 1) for line in lines if line.strip() and not line.startswith("#"))
    return {key: value.strip() for key, value in pairs}


@cache
def _told_to_submit() -> dict[str, str]:
    """Return what spark-submit was told, where it started this process: master, memory, files, `--conf`.

    A JVM that it started without Delta can't get the jars any more: it is left, and the session starts one
    of its own and tells it the same. Where there are no jars to start one with, say so.
    """
    told: dict[str, str] = {}
    if GATEWAY in os.environ:
        jvm = launch_gateway().jvm  # type: ignore[no-untyped-call]  # PySpark leaves it bare
        told = dict(SparkConf(_jvm=jvm).getAll())
        if jvm.org.apache.spark.util.Utils.classIsLoadable(DELTA_CLASS):
            return told
        os.environ.pop(GATEWAY)
    if not _jars():
        raise CarelakeError("Delta's jars aren't in .cache/jars yet; run `make setup` once")
    return told


def configured(
    settings: Settings, conf_dir: Path, master: str, told: dict[str, str], *, is_long: bool = False
) -> dict[str, str]:
    """Return all settings of a session: of the files, the machine and the input, and what Spark was told."""
    local = master.startswith("local")
    found = read_conf(conf_dir / "common.conf")
    # Asked once: it looks at every file of the landing zone.
    is_small = _is_small(settings)
    files = ["local.conf", *["small.conf"] * is_small] if local else ["standalone.conf"]
    for name in files:
        found |= read_conf(conf_dir / name)
    jvm = LARGE_JVM if not is_small else LONG_JVM if is_long else SHORT_JVM
    found |= _of_driver(settings, jvm) | ({} if local else _of_cluster(settings, master, jvm))
    if not is_local(settings.data):
        found |= read_conf(conf_dir / "s3.conf") | _of_store(found.get("spark.jars"))
    for key, separator in LISTS.items():
        if key in told:
            found[key] = separator.join(filter(None, [found.get(key), told[key]]))
    return found | {key: value for key, value in told.items() if key not in LISTS}


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


def _of_driver(settings: Settings, jvm: list[str]) -> dict[str, str]:
    archive = CACHE / "spark.jsa"
    options = [f"-Dlog4j2.configurationFile={PROJECT / 'conf/spark/log4j2.properties'}", *jvm]
    if archive.exists() and jvm != LARGE_JVM:
        options += [f"-XX:SharedArchiveFile={archive}", "-Xlog:disable", "-Xlog:all=off"]
    return {
        "spark.driver.memory": settings.spark_memory,
        "spark.driver.extraJavaOptions": " ".join(options),
        "spark.driver.extraClassPath": os.pathsep.join(_jars()),
    } | event_log(settings.spark_event_log_dir)


def _of_cluster(settings: Settings, master: str, jvm: list[str]) -> dict[str, str]:
    executors = {
        "spark.jars": ",".join(_jars()),
        "spark.executor.memory": settings.spark_memory,
        "spark.executor.extraJavaOptions": " ".join(jvm),
    }
    on_this_machine = {"spark.driver.host": LOOPBACK, "spark.driver.bindAddress": LOOPBACK}
    return executors | (on_this_machine if LOOPBACK in master else {})


def _of_store(jars: str | None) -> dict[str, str]:
    store = {"spark.jars": ",".join(filter(None, [jars, *_jars("s3-jars")]))}
    if endpoint := os.environ.get("AWS_ENDPOINT_URL"):
        # Not Amazon's: such a store seldom has a host name for each bucket.
        store |= {"spark.hadoop.fs.s3a.endpoint": endpoint, "spark.hadoop.fs.s3a.path.style.access": "true"}
    return store


def _jars(folder: str = "jars") -> list[str]:
    return sorted(str(jar) for jar in (CACHE / folder).glob("*.jar"))


def _is_small(settings: Settings) -> bool:
    zone = settings.landing_zone
    size = sum(file.stat().st_size for file in zone.rglob("*.csv")) if zone.exists() else 0
    return size < LARGE_INPUT_BYTES


def _not_started(settings: Settings, master: str, problem: Exception) -> CarelakeError:
    told = str(problem).strip().splitlines()[0]
    return CarelakeError(
        f"Spark could not be started ({told}); it needs Java 17 or newer (`java -version`, JAVA_HOME), a "
        f"master that it can reach (SPARK_MASTER={master}) and a heap of at least 512m "
        f"(SPARK_MEMORY={settings.spark_memory})"
    )
