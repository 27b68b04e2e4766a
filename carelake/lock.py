"""One run at a time: a Delta table has a single writer here, and a check needs a lake at rest.

On a file system the lock ends with its process. In an object store, where nothing does, it is an object that
only one run can create: one that is killed leaves it behind, and the next says what to remove.
"""

import fcntl
import os
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, TextIO, cast

from carelake.errors import CarelakeError
from carelake.places import is_local

if TYPE_CHECKING:
    from upath import UPath

LOCK = "_lock"


@contextmanager
def exclusive(lake: Path) -> Iterator[None]:
    """Hold the lake's lock; CarelakeError if anyone else holds it. It ends with the process that holds it."""
    if not is_local(lake):
        with _object(lake):
            yield
        return
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
    if not is_local(lake):
        raise _busy(lake, (lake / LOCK).read_text(encoding="utf-8"))
    with (lake / LOCK).open() as file:
        _hold(file, fcntl.LOCK_SH, lake)
        yield


def _hold(file: TextIO, how: int, lake: Path) -> None:
    try:
        fcntl.flock(file, how | fcntl.LOCK_NB)
    except BlockingIOError as problem:
        raise _busy(lake) from problem


@contextmanager
def _object(lake: Path) -> Iterator[None]:
    lock = cast("UPath", lake / LOCK)
    holder = f"{socket.gethostname()}, process {os.getpid()}"
    try:
        lock.fs.pipe_file(lock.path, holder.encode(), mode="create")
    except FileExistsError as problem:
        raise _busy(lake, lock.read_text(encoding="utf-8")) from problem
    try:
        yield
    finally:
        lock.unlink()


def _busy(lake: Path, holder: str = "") -> CarelakeError:
    ended = f"; if that ended without removing its lock ({holder}), remove {lake / LOCK}" if holder else ""
    return CarelakeError(
        f"another run or check is working on {lake}; wait for it to end, then start this one again{ended}"
    )
