"""What scoring is measured against: each champion applied to all rows of its features, reasons and all.

A script, so that the Python of any checkout can run it on its own code; its argument is the folder for the
scores.
"""

import sys
from pathlib import Path

from carelake.settings import load_settings
from ml.data import Tables
from ml.problems import NAMES, problem_of
from ml.scoring.batch import score_of
from ml.tracking.champions import required
from ml.tracking.store import connect


def main() -> None:
    """Score the configured lake, a Parquet file per problem."""
    settings, folder = load_settings(), Path(sys.argv[1])
    client = connect(settings)
    folder.mkdir()
    for name in NAMES:
        of = problem_of(name)
        found = required(client, of.model_name)
        told = {"base_rate": found.tags["base_rate"], "model_name": found.name}
        told |= {"model_version": found.version, "tables_read": of.table}
        rows = Tables(settings.lake).read(of.table)
        scores = score_of(of.features, of.kind, found.load(), rows, told)
        scores.to_parquet(folder / f"{name}.parquet")


if __name__ == "__main__":
    main()
