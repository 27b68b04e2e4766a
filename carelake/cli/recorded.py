"""A run of a command: alone on the lake, timed, its failures kept, a line in the ledger."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from uuid import uuid4

from carelake.errors import CarelakeError
from carelake.ledger import Run, record
from carelake.lock import exclusive
from carelake.settings import Settings


@contextmanager
def recorded(settings: Settings, command: str, now: datetime) -> Iterator[Run]:
    """Give a run that holds the lake's lock; a CarelakeError within ends it as failed, and it is recorded."""
    run = Run(f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}", command, now)
    started = time.monotonic()
    with exclusive(settings.lake):
        try:
            yield run
        except CarelakeError as problem:
            run.failures.append(str(problem))
        run.seconds = time.monotonic() - started
        record(settings.lake, run)
