"""A run of a command: alone on the lake, timed, heard of, its failures kept, a line in the ledger."""

import os
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime
from uuid import uuid4

from carelake import log
from carelake.errors import CarelakeError, UsageError, kind_of
from carelake.events import RunStarted
from carelake.ledger import Run, record
from carelake.lineage.configured import is_configured
from carelake.lineage.outbox import Emit, outbox
from carelake.lock import exclusive
from carelake.settings import Settings


def require_lake(settings: Settings) -> None:
    """Refuse to work on a lake that isn't there, for commands that never make one.

    UsageError names the folder.
    """
    if not settings.lake.is_dir():
        raise UsageError(
            f"there is no lake {settings.lake}: `carelake run` makes one; or is CARELAKE_DATA_DIR another?"
        )


@contextmanager
def recorded(settings: Settings, command: str, now: datetime) -> Iterator[Run]:
    """Give a run that holds the lake's lock; a CarelakeError within ends it as failed, and it is recorded."""
    run = Run(f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}", command, now)
    started = time.monotonic()
    with exclusive(settings.lake), log.of_run(run.run_id), _heard(settings, run):
        try:
            yield run
        except CarelakeError as problem:
            run.failures.append(str(problem))
        run.seconds = time.monotonic() - started
        record(settings.lake, run)


@contextmanager
def _heard(settings: Settings, run: Run) -> Iterator[None]:
    """Have a run listened to, from its start to its end, also where that is an error nobody foresaw."""
    run.listeners = [log.listen]
    with ExitStack() as opened:
        if is_configured(os.environ):
            run.listeners.append(opened.enter_context(outbox(lambda: _emitter(settings, run))))
        run.tell(RunStarted(run.command))
        try:
            yield
        except BaseException as problem:
            run.failures.append(kind_of(problem))
            raise
        finally:
            run.tell(run.ended())


def _emitter(settings: Settings, run: Run) -> Emit:
    # Imported when somebody wants lineage: the client takes half a second.
    from openlineage.client import OpenLineageClient

    from carelake.lineage.datasets import Datasets
    from carelake.lineage.emitter import Emitter

    datasets = Datasets(settings.lake, settings.landing_zone)
    namespace = os.environ.get("OPENLINEAGE_NAMESPACE", "carelake")
    return Emitter(run.run_id, run.command, datasets, namespace, OpenLineageClient().emit)
