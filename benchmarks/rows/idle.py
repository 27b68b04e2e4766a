"""A run that finds nothing new, against the start of the process."""

from collections.abc import Iterator

from benchmarks.bench import Bench, Pair

PATIENTS = 500


def idle(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure a run of a lake that is current against the command's own help."""
    patients = patients or PATIENTS
    with bench.data("idle") as data:
        bench.generate(data, patients)
        bench.carelake(data, "run")
        # The first start after other work reads the program's files anew.
        bench.carelake(data, "--help")
        start = bench.carelake(data, "--help")
        nothing = bench.carelake(data, "run")
        yield Pair(f"nothing new, {patients:,} patients", "the process's start (`--help`)", 2, nothing, start)
