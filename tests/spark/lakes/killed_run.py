"""A run that ends by `kill -9`: `python -m tests.spark.lakes.killed_run ROOT COMMITS`."""

import os
import signal
import sys
import tempfile
from pathlib import Path

from tests.lakes import run
from tests.session import start


def main(root: Path, commits: int) -> None:
    """Run the lake below `root`; the process doesn't return."""
    with tempfile.TemporaryDirectory() as folder:
        run(
            lambda: start(Path(folder)),
            root,
            commits=commits,
            end=lambda: os.kill(os.getpid(), signal.SIGKILL),
        )
    sys.exit("there were fewer commits than that")


if __name__ == "__main__":
    main(Path(sys.argv[1]), int(sys.argv[2]))
