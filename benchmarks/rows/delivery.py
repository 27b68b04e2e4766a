"""A month's delivery, against building the whole lake from what was delivered before it."""

from collections.abc import Iterator

from benchmarks.bench import Bench, Pair

PATIENTS = 200_000


def delivery(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure the second run of a lake against its first."""
    patients = patients or PATIENTS
    with bench.data("delivery") as data:
        bench.generate(data, patients)
        first = bench.carelake(data, "run")
        bench.carelake(data, "generate", "--next", "--output", str(data / "landing_zone"))
        second = bench.carelake(data, "run")
        yield Pair(f"a delivery, {patients:,} patients", "building the lake", 0.2, second, first)
