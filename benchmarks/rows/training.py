"""Training all four models, against fitting the same candidates on the same rows and nothing else."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import DEFAULT_PATIENTS, Bench, Pair

PLAIN = Path(__file__).parent.parent / "plain_training.py"


def training(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure `carelake train`, with judging, tracking and cards, and the fits alone, each as a process."""
    patients = patients or DEFAULT_PATIENTS
    with bench.data("training") as data:
        bench.generate(data, patients)
        bench.carelake(data, "run")
        fits = bench.run([str(bench.programs / "python"), str(PLAIN)], data)
        trained = bench.carelake(data, "train")
        yield Pair(f"training, {patients:,} patients", "plain scikit-learn and XGBoost", 1.5, trained, fits)
