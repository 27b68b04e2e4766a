"""All tests, against twelve minutes."""

from collections.abc import Iterator

from benchmarks.bench import Bench, Pair
from benchmarks.measure import Cost

ALLOWED = Cost(seconds=720, cpu=1440, peak=0)
"""Twelve minutes of two cores."""


def suite(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure `make test`; it has no size."""
    with bench.data("suite") as data:
        yield Pair("`make test`", "twelve minutes", 1, bench.run(["make", "test"], data), ALLOWED)
