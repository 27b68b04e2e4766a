"""Emitting beside the run, so that a lineage server that is slow or down can neither stall nor fail it."""

import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from queue import SimpleQueue
from threading import Thread

from carelake.events import Event

PATIENCE_SECONDS = 5.0
"""How long a run that is over waits for its last events to be taken."""
THREAD = "lineage"

Emit = Callable[[datetime, Event], None]
logger = logging.getLogger("carelake.lineage")


class Outbox:
    """Listens to a run, and has what it hears emitted in a thread of its own, one after another.

    The first event that can't be emitted is the last that is tried: the client has tried again by itself, and
    to wait for every event anew would only take time.
    """

    def __init__(self, connect: Callable[[], Emit]) -> None:
        """Take how to get what emits an event that happened at some time."""
        self._connect = connect
        self._waiting: SimpleQueue[tuple[datetime, Event] | None] = SimpleQueue()
        self._is_given_up = False
        # A daemon: a server that never answers must not keep the process from ending.
        self._thread = Thread(target=self._emit_all, name=THREAD, daemon=True)
        self._thread.start()

    def __call__(self, event: Event) -> None:
        """Have an event emitted; returns at once."""
        self._waiting.put((datetime.now(UTC), event))

    def close(self, patience: float) -> None:
        """Wait for what is still to be emitted, but not longer than some seconds."""
        self._waiting.put(None)
        self._thread.join(patience)
        if self._thread.is_alive():
            self._is_given_up = True
            logger.warning("lineage: not all events of this run were taken within %g s", patience)

    def _emit_all(self) -> None:
        try:
            emit = self._connect()
            while waiting := self._waiting.get():
                emit(*waiting)
        except Exception as problem:
            if not self._is_given_up:
                logger.warning("lineage: an event can't be emitted, so this run emits no more: %s", problem)


@contextmanager
def outbox(connect: Callable[[], Emit], patience: float = PATIENCE_SECONDS) -> Iterator[Outbox]:
    """Give an outbox, and close it in the end, after some seconds of patience at most."""
    # Each of the client's attempts would be a warning of its own.
    logging.getLogger("urllib3.connectionpool").addFilter(_is_of_the_run)
    opened = Outbox(connect)
    try:
        yield opened
    finally:
        opened.close(patience)


def _is_of_the_run(record: logging.LogRecord) -> bool:
    return record.threadName != THREAD
