"""Generations of five seeds, measured: `python -m datagenerator.calibration` writes docs/calibration.md."""

import tempfile
from dataclasses import replace
from pathlib import Path

from datagenerator.arguments import Arguments
from datagenerator.calibration.extract import Extract
from datagenerator.calibration.plot import draw
from datagenerator.calibration.report import markdown, measured, summary
from datagenerator.cli import make

DOCS = Path(__file__).parents[2] / "docs"
SEEDS = (1, 2, 3, 4, 5)
ASKED = Arguments(patients=40_000, encounters=200_000, claims=400_000)
HEAD = """# Calibration

How close the synthetic health system is to the world, measured on what the generator wrote: {count} figures
of {patients:,} patients, {encounters:,} encounters and {claims:,} claims, for the seeds {seeds}. Written by
`python -m datagenerator.calibration`; `carelake generate --report` measures one generation of your own. A
figure is ok when all seeds lie in its band. Bands are drawn around the figures of the publications named, and
as wide as a population of this size scatters; what they are drawn around was not read anew in each source.
The cited range is narrower: where not all seeds lie in it, it says how many do. A generation of your own that
is too small to judge a figure outside its band has it marked `too few`.

![Each figure in its band](calibration.svg)

"""


def main() -> None:
    """Generate, measure, write the page and its picture."""
    with tempfile.TemporaryDirectory() as folder:
        extracts = [_generated(Path(folder), seed) for seed in SEEDS]
        marginals = measured(extracts)
    head = HEAD.format(
        count=len(marginals),
        patients=ASKED.patients,
        encounters=ASKED.encounters,
        claims=ASKED.claims,
        seeds=", ".join(map(str, SEEDS)),
    )
    page = head + markdown(marginals, [f"seed {seed}" for seed in SEEDS])
    (DOCS / "calibration.md").write_text(page.rstrip() + "\n", encoding="utf-8")
    draw(marginals, replace(ASKED, seed=SEEDS[0]), DOCS / "calibration.svg")
    print("\n".join(summary(marginals)))  # noqa: T201 - it talks to a person


def _generated(folder: Path, seed: int) -> Extract:
    asked = replace(ASKED, seed=seed, output=folder / str(seed) / "landing_zone")
    make(asked)
    return Extract(asked)


if __name__ == "__main__":
    main()
