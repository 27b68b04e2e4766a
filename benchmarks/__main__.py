"""`python -m benchmarks [row ...]`: measure rows of docs/benchmarks.md and write the page anew."""

import argparse
import os
import subprocess
import tempfile
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.bench import Bench
from benchmarks.figure import RECORD, Figure, keep, kept
from benchmarks.report import PAGE, PROFILES, page
from benchmarks.rows import ROWS
from carelake.settings import PROJECT


def main() -> None:
    """Measure the rows that were asked for, keep each figure as soon as it is there, write the page."""
    asked = _arguments()
    if asked.folder:
        asked.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=asked.folder) as folder:
        bench = Bench(asked.checkout.resolve(), Path(folder))
        for name in asked.rows or ROWS:
            for pair in ROWS[name](bench, asked.patients):
                figure = Figure(
                    **vars(pair),
                    commit=_commit(bench.checkout),
                    committed=_git(bench.checkout, "log", "-1", "--format=%cI"),
                    day=datetime.now(UTC).date().isoformat(),
                    cores=os.cpu_count() or 1,
                )
                keep(figure)
                print(f"{figure.work} / {figure.against}: {figure.ratio:.2f}, aim {figure.aim}", flush=True)
    PAGE.write_text(page(kept(), PROFILES.read_text(encoding="utf-8")), encoding="utf-8")


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks", description="Measure rows of docs/benchmarks.md."
    )
    parser.add_argument(
        "rows", nargs="*", metavar="row", help=f"of {', '.join(ROWS)}; all where none is named"
    )
    parser.add_argument("--patients", type=int, help="measure at this size, not at the row's own")
    parser.add_argument(
        "--checkout", type=Path, default=PROJECT, help="measure another checkout, after its `make setup`"
    )
    parser.add_argument(
        "--folder", type=Path, help="where to put scratch lakes (default: the system's folder)"
    )
    asked = parser.parse_args()
    if unknown := set(asked.rows) - set(ROWS):
        parser.error(f"there is no row {', '.join(sorted(unknown))}; choose of {', '.join(ROWS)}")
    return asked


def _commit(checkout: Path) -> str:
    """Return the commit that was measured; what measuring itself writes is no change of it."""
    written = [f":!{file.relative_to(PROJECT)}" for file in (RECORD, PAGE)]
    changed = _git(checkout, "status", "--porcelain", "--untracked-files=no", "--", ".", *written)
    return _git(checkout, "rev-parse", "--short", "HEAD") + ("-dirty" if changed else "")


def _git(checkout: Path, *arguments: str) -> str:
    asked = subprocess.run(["git", *arguments], cwd=checkout, check=True, capture_output=True, text=True)
    return asked.stdout.strip()


if __name__ == "__main__":
    main()
