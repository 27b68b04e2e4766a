"""Training and scoring all four models, against the same fits and the same scores and nothing else."""

from collections.abc import Iterator
from pathlib import Path

from benchmarks.bench import DEFAULT_PATIENTS, Bench, Pair

PLAIN = Path(__file__).parent.parent


def training(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure `carelake train`, with judging, tracking and cards, then `carelake score`."""
    patients = patients or DEFAULT_PATIENTS
    python, of = str(bench.programs / "python"), f"{patients:,} patients"
    with bench.data("training") as data:
        bench.generate(data, patients)
        bench.carelake(data, "run")
        fits = bench.run([python, str(PLAIN / "plain_training.py")], data)
        trained = bench.carelake(data, "train")
        yield Pair(f"training, {of}", "plain scikit-learn and XGBoost", 1.5, trained, fits)
        plain = bench.run([python, str(PLAIN / "plain_scoring.py"), str(data / "scores")], data)
        scored = bench.carelake(data, "score")
        yield Pair(f"scoring, {of}", "the same models called in one process", 1.5, scored, plain)
