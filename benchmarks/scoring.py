"""What scoring in Spark costs beside plain calls of the model: rows per second and core.

Takes a lake with champions, as `make demo` leaves it, repeats its features to so many rows and scores them
three ways: by the job of `carelake score` (nothing is written), by the same code in this process, and by the
model alone, which gives no reasons and no bands. Workers have got the model before, as once in a run.
"""

import argparse
import os
import sys
import time
from collections.abc import Callable

import pandas as pd
from pyspark.sql import SparkSession

from carelake.errors import CarelakeError
from carelake.settings import Settings, load_settings
from carelake.spark import build_session, end_session
from carelake.tables import scores
from ml.problems import NAMES, problem_of
from ml.scoring.batch import score_of
from ml.scoring.champions import PREFIX, Champions
from ml.scoring.job import scored
from ml.tracking.champions import loaded
from ml.tracking.store import connect
from ml.training.fitting import predict

WAYS = ("score job", "same code, here", "model alone")


def timed(work: Callable[[], object]) -> float:
    """Return the seconds that some work takes."""
    began = time.monotonic()
    work()
    return time.monotonic() - began


def rates(
    spark: SparkSession, settings: Settings, champions: Champions, name: str, wanted: int
) -> list[float]:
    """Return how many rows of a problem are scored per second and core, in each of the ways."""
    of, champion = problem_of(name), champions.load(PREFIX + name).to_pandas()
    told = champion.iloc[0].to_dict()
    model = loaded(told["model_uri"])
    few = spark.read.format("delta").load(str(settings.lake / of.table))
    rows = few.toPandas()
    times = -(-wanted // len(rows))
    here = pd.concat([rows] * times, ignore_index=True).head(wanted)
    cores = spark.sparkContext.defaultParallelism
    many = few.crossJoin(spark.range(times).select()).limit(wanted).repartition(cores).cache()
    contract = scores().contracts[f"gold/score_{name}"]
    job = scored(many, spark.createDataFrame(champion), contract, name).write.format("noop").mode("overwrite")
    scored(few, spark.createDataFrame(champion), contract, name).count()
    many.count()
    seconds = [
        timed(job.save) * cores,
        timed(lambda: score_of(of.features, of.kind, model, here, told)),
        timed(lambda: predict(of, model, of.features.frame(here))),
    ]
    many.unpersist()
    return [wanted / one for one in seconds]


def main() -> None:
    """Score each problem's features in all ways and print a line for each."""
    parser = argparse.ArgumentParser(description="Compare scoring in Spark with plain calls of the model.")
    parser.add_argument("--rows", type=int, default=100_000, help="rows to score (default 100,000)")
    wanted, settings = parser.parse_args().rows, load_settings()
    champions = Champions(connect(settings), settings.lake)
    spark = build_session(settings)
    cores = spark.sparkContext.defaultParallelism
    print(f"{wanted:,} rows a model; Spark has {cores} of {os.cpu_count()} cores; rows per second and core")
    print(f"{'model':<16}" + "".join(f"{way:>17}" for way in WAYS))
    for name in NAMES:
        found = rates(spark, settings, champions, name, wanted)
        print(f"{name:<16}" + "".join(f"{rate:>17,.0f}" for rate in found), flush=True)
    end_session(spark)


if __name__ == "__main__":
    try:
        main()
    except CarelakeError as problem:
        sys.exit(f"{problem}; `make demo` makes a lake with champions")
