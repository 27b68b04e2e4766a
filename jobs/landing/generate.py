"""Blocks of the synthetic population, made on a cluster."""

from collections.abc import Iterator

from pyspark import SparkContext

from datagenerator.extract.block import Result, Task, made


def results(context: SparkContext, tasks: list[Task]) -> Iterator[Result]:
    """Return what comes of each task, in their order, as many made at once as the cluster has cores.

    A round is fetched before the next one begins, so the driver holds no more than one round of blocks.
    """
    at_once = context.defaultParallelism
    for first in range(0, len(tasks), at_once):
        some = tasks[first : first + at_once]
        yield from context.parallelize(some, len(some)).map(made).collect()
