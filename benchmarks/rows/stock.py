"""Bronze to gold in a cold process, against the same jobs with stock settings, one after another."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import DEFAULT_PATIENTS, Bench, Pair

STOCK = {
    "spark.sql.shuffle.partitions": "200",
    "spark.sql.autoBroadcastJoinThreshold": "10MB",
    "spark.sql.codegen.wholeStage": "true",
    "spark.sql.codegen.factoryMode": "FALLBACK",
    "spark.sql.codegen.hugeMethodLimit": "65535",
    "spark.sql.inMemoryColumnarStorage.compressed": "true",
    "spark.sql.adaptive.enabled": "true",
    "spark.scheduler.mode": "FIFO",
    "spark.sql.sources.parallelPartitionDiscovery.parallelism": "10000",
    "spark.databricks.delta.snapshotPartitions": "50",
    "spark.databricks.delta.properties.defaults.dataSkippingNumIndexedCols": "32",
    "spark.buffer.pageSize": "64m",
    "spark.sql.ui.retainedExecutions": "1000",
    "spark.sql.ui.explainMode": "formatted",
    "spark.driver.extraJavaOptions": "-XX:+UseG1GC",
}
"""What conf/spark and the session's builder set, as Spark 4.2 and Delta 4.4 have it by themselves."""


def stock(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure the first run of a lake both ways, each from the same landing zone."""
    patients = patients or DEFAULT_PATIENTS
    with bench.data("landing") as landed, bench.data("ours") as ours, bench.data("stock") as theirs:
        bench.generate(landed, patients)
        for data in (ours, theirs):
            (data / "landing_zone").symlink_to(landed / "landing_zone")
        tuned = bench.carelake(ours, "run")
        plain = bench.run(
            _submit(bench.checkout), theirs, PARALLEL_TABLES="1", PYTHONPATH=str(bench.checkout)
        )
        yield Pair(f"bronze to gold, {patients:,} patients", "stock Spark settings", 0.4, tuned, plain)


def _submit(checkout: Path) -> list[str]:
    settings = [part for key, value in STOCK.items() for part in ("--conf", f"{key}={value}")]
    program = str(checkout / ".venv/bin/spark-submit")
    return [program, "--driver-memory", "4g", *settings, str(checkout / "jobs/submit.py"), "run", "all"]
