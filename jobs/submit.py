"""The entry for spark-submit: `spark-submit jobs/submit.py <the same words>` as for the command line."""

from carelake.cli import main

if __name__ == "__main__":
    main()
