"""What scoring is measured against: each champion applied to all rows of its features, reasons and all.

A script, so that the Python of any checkout can run it on its own code; its argument is the folder for the
scores.
"""

import sys
from pathlib import Path

from carelake.settings import load_settings
from ml.data import Tables
from ml.problems import NAMES, problem_of
from ml.scoring.batch import loaded, score_of
from ml.scoring.champions import PREFIX, Champions
from ml.tracking.store import connect, tracking_uri


def main() -> None:
    """Score the configured lake, a Parquet file per problem."""
    settings, folder = load_settings(), Path(sys.argv[1])
    champions = Champions(connect(settings), tracking_uri(settings), settings.lake)
    folder.mkdir()
    for name in NAMES:
        of, told = problem_of(name), champions.load(PREFIX + name).to_pandas().iloc[0].to_dict()
        model = loaded(told["tracking_uri"], told["model_uri"])
        scores = score_of(of.features, of.kind, model, Tables(settings.lake).read(of.table), told)
        scores.to_parquet(folder / f"{name}.parquet")


if __name__ == "__main__":
    main()
