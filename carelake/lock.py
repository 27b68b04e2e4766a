"""One run at a time: on local disk a Delta table has a single writer, and a check needs a lake at rest."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from carelake.errors import CarelakeError

LOCK = "_lock"


@contextmanager
def exclusive(lake: Path) -> Iterator[None]:
    """Hold the lake's lock; CarelakeError if anyone else holds it. It ends with the process that holds it."""
    lake.mkdir(parents=True, exist_ok=True)
    with (lake / LOCK).open("a") as file:
        _hold(file, fcntl.LOCK_EX, lake)
        yield


@contextmanager
def at_rest(lake: Path) -> Iterator[None]:
    """Keep runs from starting, beside other readers; CarelakeError if one is working on the lake."""
    if not (lake / LOCK).exists():
        yield
        return
    with (lake / LOCK).open() as file:
        _hold(file, fcntl.LOCK_SH, lake)
        yield


def _hold(file: TextIO, how: int, lake: Path) -> None:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        raise CarelakeError(
            f"another run or check is working on {lake}; wait for it to end, then start this one again"
        ) from problem
