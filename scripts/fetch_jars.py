"""Fetch the jars of Delta Lake into `.cache/jars`, once.

Spark's own resolver fetches them, so a mirror or proxy that is set up for it works here too. Only what Spark
does not ship itself is asked for: the whole tree of dependencies is 33 jars, some older than Spark's own.
"""

import hashlib
import shutil
import sys
import tempfile
from pathlib import Path

from pyspark import SparkConf
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway

PROJECT = Path(__file__).resolve().parent.parent
PINNED = PROJECT / "conf/spark/jars.sha256"
CACHE = PROJECT / ".cache"
DELTA = "io.delta:delta-spark_4.2_2.13:4.4.0"
SHIPPED_WITH_SPARK = [
    "com.fasterxml.jackson.*",
    "com.google.*",
    "org.antlr",
    "org.apache.*",
    "org.roaringbitmap",
    "org.slf4j",
]


def pinned_jars() -> dict[str, str]:
    """Return the expected SHA-256 of each jar by file name."""
    lines = PINNED.read_text(encoding="utf-8").splitlines()
    return {name: digest for digest, name in (line.split() for line in lines)}


def resolve(ivy_home: Path, log: Path) -> None:
    """Have Spark resolve Delta into `ivy_home`; what the resolver says goes to `log`."""
    conf = SparkConf(loadDefaults=False)
    conf.set("spark.jars.packages", DELTA)
    conf.set("spark.jars.excludes", ",".join(f"{group}:*" for group in SHIPPED_WITH_SPARK))
    conf.set("spark.jars.ivy", str(ivy_home))
    with log.open("w", encoding="utf-8") as output:
        launch_gateway(conf, {"stdout": output, "stderr": output}).shutdown()  # type: ignore[no-untyped-call]


def copy_checked(source: Path, target: Path) -> None:
    """Copy each pinned jar from `source` to `target`; SystemExit names one that is missing or differs."""
    target.mkdir(parents=True, exist_ok=True)
    for name, digest in pinned_jars().items():
        jar = source / name
        if not jar.exists():
            sys.exit(f"{name} was not fetched: see .cache/jars.log")
        if hashlib.sha256(jar.read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} is not the file that {PINNED.relative_to(PROJECT)} names: refused")
        shutil.copy(jar, target / name)


def main() -> None:
    """Fetch, check and copy the jars; other jars in the folder leave it."""
    log = CACHE / "jars.log"
    with tempfile.TemporaryDirectory(dir=CACHE) as ivy_home:
        try:
            resolve(Path(ivy_home), log)
        except PySparkRuntimeError:
            sys.exit(f"the Delta jars could not be fetched: see {log.relative_to(PROJECT)}")
        shutil.rmtree(CACHE / "jars", ignore_errors=True)
        copy_checked(Path(ivy_home) / "jars", CACHE / "jars")


if __name__ == "__main__":
    main()
