"""The entry for spark-submit: `spark-submit jobs/submit.py <the same words>` as for the command line."""

import sys
from pathlib import Path

# What executors get by --py-files is on this process's path too; it runs the project itself, which has conf/.
sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

from carelake.cli import main

if __name__ == "__main__":
    main()
