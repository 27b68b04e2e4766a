"""Where `carelake generate` has blocks made, beside processes of its own."""

from collections.abc import Iterator
from contextlib import contextmanager

from carelake.settings import load_settings
from carelake.spark import build_session, end_session
from datagenerator.extract.block import Result, Task
from jobs.landing.generate import results


@contextmanager
def on_spark(tasks: list[Task], workers: int) -> Iterator[Iterator[Result]]:
    """Make the blocks on the configured Spark master, whose cores decide how many at once, not `workers`."""
    session = build_session(load_settings())
    try:
        yield results(session.sparkContext, tasks)
    finally:
        end_session(session)
