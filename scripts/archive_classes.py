"""Archive the classes that Spark and Delta load, so that the next JVM maps them instead of parsing them.

One training run in a session like any other writes, merges and reads a small table; at its end the JVM dumps
what it had loaded into `.cache/spark.jsa`. The session builder uses the file where it is there and fits.
"""

import os
import sys
import tempfile
from pathlib import Path

from delta.tables import DeltaTable
from pyspark.sql import SparkSession
from pyspark.sql import functions as F

from carelake.settings import Settings
from carelake.spark import CACHE, build_session

ARCHIVE = CACHE / "spark.jsa"


def train(spark: SparkSession, folder: Path) -> None:
    """Do in small what the jobs do: read CSV, window, write, merge, read the change feed."""
    source, table = folder / "source", str(folder / "table")
    rows = spark.range(1000).withColumn("value", F.concat(F.lit("v"), F.col("id") % 7))
    rows.write.option("header", True).csv(str(source))
    read = spark.read.option("header", True).schema("id bigint, value string").csv(str(source))
    ranked = read.withColumn("rank", F.expr("row_number() over (partition by value order by id)"))
    ranked.write.format("delta").save(table)
    changes = ranked.where("rank = 1").withColumn("value", F.lit("changed"))
    target = DeltaTable.forPath(spark, table).alias("t")
    merge = target.merge(changes.alias("s"), "t.id = s.id").whenMatchedUpdateAll("not (t.value <=> s.value)")
    merge.whenNotMatchedInsertAll().execute()
    feed = spark.read.format("delta").option("readChangeFeed", True).option("startingVersion", 0).load(table)
    feed.groupBy("_change_type").count().collect()
    spark.read.format("delta").load(table).groupBy("value").agg(F.sum("rank")).collect()


def main() -> None:
    """Train in a session of its own and wait until its JVM has written the archive."""
    ARCHIVE.unlink(missing_ok=True)
    # Spark hands this variable to the JVM of the session alone, not to the launcher before it.
    os.environ["SPARK_SUBMIT_OPTS"] = f"-XX:ArchiveClassesAtExit={ARCHIVE}"
    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(carelake_data_dir=Path(folder), spark_master="local[2]", spark_memory="1g")
        spark = build_session(settings)
        train(spark, Path(folder))
        end(spark)
    if not ARCHIVE.exists():
        sys.exit("the JVM wrote no archive")


def end(spark: SparkSession) -> None:
    """Stop the session and its JVM, which dumps the archive as it exits."""
    gateway = spark.sparkContext._gateway
    spark.stop()
    if gateway is not None:
        gateway.shutdown()
        gateway.proc.stdin.close()
        gateway.proc.wait()


if __name__ == "__main__":
    main()
