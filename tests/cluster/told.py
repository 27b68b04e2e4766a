"""A session: what it was told, and whose code its executors run, as JSON; for Python or spark-submit."""

import json
import os
import sys
from importlib import import_module
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from carelake.settings import load_settings
from carelake.spark import GATEWAY, build_session, end_session
from carelake.wheel import share_code


def found(_: object) -> list[str]:
    """Return where this process found the project; called on an executor."""
    return [str(import_module("jobs.bronze.lines").__file__)]


def main() -> None:
    """Start a session, ask and end."""
    session = build_session(load_settings())
    share_code(session)
    context = session.sparkContext
    told = {
        "master": context.master,
        "partitions": session.conf.get("spark.sql.shuffle.partitions"),
        "own_jvm": GATEWAY not in os.environ,
        "code": context.parallelize([0], 1).flatMap(found).collect()[0],
        "rows": session.range(3).count(),
    }
    end_session(session)
    sys.stdout.write(json.dumps(told))


if __name__ == "__main__":
    main()
