"""Real servers on loopback for tests: a free port, a process, and the wait until it answers."""

import os
import signal
import socket
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

LOOPBACK = "127.0.0.1"
PATIENCE = 300
"""Seconds that a server has to start in: many times what it needs on a machine that does nothing else."""
GRACE = 15
"""Seconds that it has to end by itself."""


def free_port() -> int:
    """Return a port of loopback that nobody listens on now."""
    with socket.socket() as listening:
        listening.bind((LOOPBACK, 0))
        return int(listening.getsockname()[1])


@contextmanager
def running(
    command: Sequence[str],
    log: Path,
    *,
    environment: Mapping[str, str] | None = None,
    stop: int = signal.SIGTERM,
    **how: Any,
) -> Iterator[subprocess.Popen[bytes]]:
    """Run a server in a process group of its own, its words in `log`; end it and its children after."""
    with log.open("ab") as output:
        server = subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            env=os.environ | (environment or {}),
            start_new_session=True,
            **how,
        )
    try:
        yield server
    finally:
        _end(server, stop)


def wait_until(
    answers: Callable[[], bool], server: subprocess.Popen[bytes], log: Path, *, seconds: float = PATIENCE
) -> None:
    """Wait until a server answers; AssertionError with its last words where it ended or took too long."""
    deadline = time.monotonic() + seconds
    while True:
        # Looked at first: a server that ends well between the two lines has answered.
        ended = server.poll() is not None
        if answers():
            return
        if ended or time.monotonic() > deadline:
            words = "\n".join(log.read_text(errors="replace").splitlines()[-30:])
            raise AssertionError(f"the server {'ended' if ended else 'does not answer'}:\n{words}")
        time.sleep(0.2)


def _end(server: subprocess.Popen[bytes], stop: int) -> None:
    if server.poll() is None:
        server.send_signal(stop)
    try:
        server.wait(GRACE)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()
    try:
        os.killpg(server.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
