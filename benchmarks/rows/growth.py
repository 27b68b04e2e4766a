"""Lakes of growing populations: building them, and a delivery to some of their patients.

A lake takes long to build at these sizes, so one row measures all that is asked of it: that time grows with
the population at most, that a delivery costs a part of building, and that its cost follows the patients it
touches, not those who are there.
"""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import DEFAULT_PATIENTS, Bench, Pair
from benchmarks.measure import Cost

TIMES = (1, 10, 20)
SHARE = 100
"""A delivery touches one patient of so many; of the smallest lake as many as of the next."""


def growth(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure first runs and deliveries at a size, at ten and at twenty times that."""
    base = patients or DEFAULT_PATIENTS
    built: dict[int, Cost] = {}
    delivered: dict[int, Cost] = {}
    for times in TIMES:
        touched = base * max(times, TIMES[1]) // SHARE
        with bench.data("growth") as data:
            bench.generate(data, base * times)
            built[times] = bench.carelake(data, "run")
            deliver(bench, data, touched)
            delivered[times] = bench.carelake(data, "run")
        if times == 1:
            continue
        work = f"a delivery to {touched:,} of {base * times:,} patients"
        yield Pair(work, "building the lake", 0.2, delivered[times], built[times])
        many, few = (f"{base * 5 * each:,} encounters" for each in (times, 1))
        linear = _many(built[1], times)
        yield Pair(f"bronze to gold, {many}", f"{times} times {few}", 1, built[times], linear)
    words = (
        f"a delivery to {base * TIMES[1] // SHARE:,} of {base * TIMES[1]:,} patients",
        f"to as many of {base:,}",
    )
    yield Pair(*words, 1.5, delivered[TIMES[1]], delivered[1])


def deliver(bench: Bench, data: Path, patients: int) -> None:
    """Put the next month's rows of some patients into the landing zone: what is new, and what was corrected.

    It holds what is told of patients, and doesn't say how far data reaches: for all others it doesn't.
    """
    landing_zone = data / "landing_zone"
    before = set(landing_zone.iterdir())
    bench.carelake(data, "generate", "--next", "--output", str(landing_zone))
    (month,) = set(landing_zone.iterdir()) - before
    whole = month.rename(data / "month")
    thin(whole, month, patients)


def thin(whole: Path, thinned: Path, patients: int) -> None:
    """Write the lines of as many patients, of those with an encounter, and of no others.

    Lines are split at commas and no more: the files hold lines that no reader takes, and those stay in.
    """
    thinned.mkdir()
    of_encounters = {_field(line, 1) for line in _lines(whole / "encounters.csv")[1:]}
    kept = set(sorted(of_encounters - {b""})[:patients])
    for file in sorted(whole.glob("*.csv")):
        header, *rows = _lines(file)
        names = header.strip().split(b",")
        if b"patient_id" in names:
            place = names.index(b"patient_id")
            rows = [row for row in rows if _field(row, place) in kept]
            (thinned / file.name).write_bytes(header + b"".join(rows))


def _field(line: bytes, place: int) -> bytes:
    fields = line.split(b",")
    return fields[place] if place < len(fields) else b""


def _lines(file: Path) -> list[bytes]:
    return file.read_bytes().splitlines(keepends=True)


def _many(cost: Cost, times: int) -> Cost:
    """Return as many times the seconds; memory is not expected to grow."""
    return Cost(cost.seconds * times, cost.cpu * times, cost.peak)
