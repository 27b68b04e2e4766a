"""What training is measured against: every candidate of every problem fitted and calibrated, no more.

A script, so that the Python of any checkout can run it on its own code.
"""

from carelake.settings import load_settings
from ml.data import Tables
from ml.problems import NAMES, problem_of
from ml.training.fitting import fit, parts


def main() -> None:
    """Fit each problem's candidates on the configured lake."""
    for name in NAMES:
        problem, tables = problem_of(name), Tables(load_settings().lake)
        rows = problem.load(tables)
        used = parts(problem, rows, problem.split(rows, tables))
        fit(problem, used.train, used.calibrate)


if __name__ == "__main__":
    main()
