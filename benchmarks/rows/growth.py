"""Bronze to gold as the population grows, against as many times the smallest size."""

from collections.abc import Iterator

from benchmarks.bench import DEFAULT_PATIENTS, Bench, Pair
from benchmarks.measure import Cost

TIMES = (10, 20)


def growth(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure first runs at a size, at ten and twenty times that; memory is beside that of the smallest."""
    base = patients or DEFAULT_PATIENTS
    smallest = _first_run(bench, base)
    for times in TIMES:
        linear = Cost(smallest.seconds * times, smallest.cpu * times, smallest.peak)
        words = f"bronze to gold, {base * times * 5:,} encounters", f"{times} times {base * 5:,} encounters"
        yield Pair(*words, 1, _first_run(bench, base * times), linear)


def _first_run(bench: Bench, patients: int) -> Cost:
    with bench.data("growth") as data:
        bench.generate(data, patients)
        return bench.carelake(data, "run")
