"""One run at a time: on local disk a Delta table has a single writer."""

import fcntl
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from carelake.errors import CarelakeError


@contextmanager
def exclusive(lake: Path) -> Iterator[None]:
    """Hold the lake's lock; CarelakeError if another run holds it. It ends with the process that holds it."""
    lake.mkdir(parents=True, exist_ok=True)
    with (lake / "_lock").open("a") as file:
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as problem:
            raise CarelakeError(
                f"another run is working on {lake}; wait for it to end, then start this one again"
            ) from problem
        yield
