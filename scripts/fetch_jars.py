"""Fetch jars, once: Delta Lake's into `.cache/jars`, or with `s3` those of S3 into `.cache/s3-jars`.

Spark's own resolver fetches them, so a mirror or proxy that is set up for it works here too. Only what Spark
does not ship itself is asked for: Delta's whole tree of dependencies is 33 jars, some older than Spark's own.
"""

import hashlib
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

from pyspark import SparkConf
from pyspark.errors import PySparkRuntimeError
from pyspark.java_gateway import launch_gateway

PROJECT = Path(__file__).resolve().parent.parent
CACHE = PROJECT / ".cache"


@dataclass(frozen=True)
class Jars:
    """What to ask for and what to leave out; `folder` of the cache takes them, `conf/spark` pins them."""

    folder: str
    asked: tuple[str, ...]
    left_out: tuple[str, ...]

    @property
    def pinned(self) -> dict[str, str]:
        """Return the expected SHA-256 of each jar by file name."""
        lines = (PROJECT / f"conf/spark/{self.folder}.sha256").read_text(encoding="utf-8").splitlines()
        return {name: digest for digest, name in (line.split() for line in lines)}


DELTA = Jars(
    "jars",
    ("io.delta:delta-spark_4.2_2.13:4.4.0",),
    (
        "com.fasterxml.jackson.*",
        "com.google.*",
        "org.antlr",
        "org.apache.*",
        "org.roaringbitmap",
        "org.slf4j",
    ),
)
# Of the Hadoop that PySpark ships, and of the SDK that Hadoop was built with, whose bundle is all of Amazon.
S3 = Jars(
    "s3-jars",
    (
        "org.apache.hadoop:hadoop-aws:3.5.0",
        "software.amazon.awssdk:s3-transfer-manager:2.35.4",
        "software.amazon.awssdk:sts:2.35.4",
    ),
    (
        "software.amazon.awssdk:bundle",
        "org.apache.httpcomponents",
        "io.netty",
        "commons-codec",
        "commons-logging",
        "org.slf4j",
        "org.wildfly.openssl",
    ),
)


def resolve(jars: Jars, ivy_home: Path, log: Path) -> None:
    """Have Spark resolve the jars into `ivy_home`; what the resolver says goes to `log`."""
    conf = SparkConf(loadDefaults=False)
    conf.set("spark.jars.packages", ",".join(jars.asked))
    conf.set("spark.jars.excludes", ",".join(one if ":" in one else f"{one}:*" for one in jars.left_out))
    conf.set("spark.jars.ivy", str(ivy_home))
    with log.open("w", encoding="utf-8") as output:
        launch_gateway(conf, {"stdout": output, "stderr": output}).shutdown()  # type: ignore[no-untyped-call]


def copy_checked(pinned: dict[str, str], source: Path, target: Path) -> None:
    """Copy each pinned jar from `source` to `target`; SystemExit names one that is missing or differs."""
    target.mkdir(parents=True, exist_ok=True)
    for name, digest in pinned.items():
        jar = source / name
        if not jar.exists():
            sys.exit(f"{name} was not fetched: see .cache/{target.name}.log")
        if hashlib.sha256(jar.read_bytes()).hexdigest() != digest:
            sys.exit(f"{name} is not the file that conf/spark/{target.name}.sha256 names: refused")
        shutil.copy(jar, target / name)


def main() -> None:
    """Fetch, check and copy the jars; other jars in the folder leave it."""
    jars = S3 if sys.argv[1:] == ["s3"] else DELTA
    target, log = CACHE / jars.folder, CACHE / f"{jars.folder}.log"
    with tempfile.TemporaryDirectory(dir=CACHE) as ivy_home:
        try:
            resolve(jars, Path(ivy_home), log)
        except PySparkRuntimeError:
            sys.exit(f"the jars could not be fetched: see {log.relative_to(PROJECT)}")
        shutil.rmtree(target, ignore_errors=True)
        copy_checked(jars.pinned, Path(ivy_home) / "jars", target)


if __name__ == "__main__":
    main()
