"""The log: lines for people or for programs, on standard error, each with the id of the run it is of."""

import json
import logging
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Any, Literal

from carelake.builder import Built
from carelake.errors import kind_of
from carelake.events import (
    Event,
    FilesLoaded,
    GateChecked,
    RunEnded,
    RunStarted,
    TableBuilt,
    TableFailed,
    TableMaintained,
)

Form = Literal["text", "json"]
TEXT = logging.Formatter(
    "%(asctime)s %(levelname)s %(run_id)s %(message)s", "%Y-%m-%d %H:%M:%S", defaults={"run_id": "-"}
)
logger = logging.getLogger("carelake")


class JsonFormatter(logging.Formatter):
    """One JSON object per line: time (UTC), level, event, run_id, message, and the event's own fields."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line of a record; of a library's record the event is its logger's name."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "event": getattr(record, "event", record.name),
            "run_id": getattr(record, "run_id", None),
            "message": record.getMessage(),
        }
        if record.exc_info:
            line["exception"] = self.formatException(record.exc_info)
        return json.dumps(line | getattr(record, "fields", {}))


class _Handler(logging.Handler):
    """The one handler that `configure` puts in the place of the last; standard error as it is by then."""

    def emit(self, record: logging.LogRecord) -> None:
        try:
            sys.stderr.write(f"{self.format(record)}\n")
        except Exception:
            self.handleError(record)


def configure(level: str, form: Form) -> None:
    """Send Carelake's log from a level on, and warnings of libraries, to standard error."""
    handler = _Handler()
    handler.setFormatter(JsonFormatter() if form == "json" else TEXT)
    root = logging.getLogger()
    root.handlers = [one for one in root.handlers if not isinstance(one, _Handler)] + [handler]
    logger.setLevel(level)


@contextmanager
def of_run(run_id: str) -> Iterator[None]:
    """Put a run's id on every line that is logged within, by whatever thread and library."""
    plain = logging.getLogRecordFactory()

    def stamped(*args: object, **kwargs: object) -> logging.LogRecord:
        record = plain(*args, **kwargs)
        record.run_id = run_id
        return record

    logging.setLogRecordFactory(stamped)
    try:
        yield
    finally:
        logging.setLogRecordFactory(plain)


def listen(event: Event) -> None:
    """Log what a run tells: counts, names and seconds, never a value of a row."""
    match event:
        case RunStarted(command):
            _log("run_started", f"{command} started", command=command)
        case FilesLoaded(contract, files, rows, set_aside, seconds):
            table = f"bronze/{contract.name}"
            told = f"{table} loaded: {len(files)} files, {rows} rows, {set_aside} set aside, {seconds:.1f} s"
            counts = {"files": len(files), "rows": rows, "set_aside": set_aside, "seconds": seconds}
            _log("files_loaded", told, logging.WARNING if set_aside else logging.INFO, table=table, **counts)
        case GateChecked(breaches):
            told = f"quality gate failed: {breaches} deliveries" if breaches else "quality gate passed"
            level = logging.ERROR if breaches else logging.INFO
            _log("gate_checked", told, level, breaches=breaches, passed=not breaches)
        case TableBuilt(_, built):
            for one in built:
                _log_built(one)
        case TableFailed(contract, problem):
            told = f"{contract.table} failed: {kind_of(problem)}"
            _log("table_failed", told, logging.ERROR, table=contract.table, error=kind_of(problem))
        case TableMaintained():
            told = (
                f"{event.table} maintained: {event.files_before} files, now {event.files_after}, "
                f"{event.files_removed} removed, {event.bytes_freed} bytes freed, {event.seconds:.1f} s"
            )
            level = logging.INFO if event.is_changed else logging.DEBUG
            _log("table_maintained", told, level, **asdict(event))
        case RunEnded():
            told = f"run {event.outcome}: {event.written} tables written, {event.seconds:.1f} s"
            _log("run_ended", told, logging.ERROR if event.failures else logging.INFO, **asdict(event))


def _log_built(built: Built) -> None:
    """Log a table; one that was current is worth a line to those alone who look for it."""
    counts = asdict(built.written) if built.written else {}
    said = "".join(f"{count} {deed}, " for deed, count in counts.items())
    fields = {"table": built.table, "status": built.status, "seconds": built.seconds} | counts
    level = logging.DEBUG if built.status == "current" else logging.INFO
    _log("table_built", f"{built.table} {built.status}: {said}{built.seconds:.1f} s", level, **fields)


def _log(event: str, message: str, level: int = logging.INFO, **fields: object) -> None:
    rounded = {name: round(value, 3) if isinstance(value, float) else value for name, value in fields.items()}
    logger.log(level, message, extra={"event": event, "fields": rounded})
