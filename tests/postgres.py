"""A private PostgreSQL on loopback, from the programs of Debian's package `postgresql`."""

import os
import secrets
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.servers import LOOPBACK, free_port, running, wait_until

ROOT = 0
HOW = "no PostgreSQL here: apt-get install postgresql"


@dataclass(frozen=True)
class Postgres:
    """A running server; its superuser is `postgres`."""

    programs: Path
    port: int
    password: str

    @property
    def environment(self) -> dict[str, str]:
        """What PostgreSQL's own programs need to reach it."""
        return {
            "PGHOST": LOOPBACK,
            "PGPORT": str(self.port),
            "PGUSER": "postgres",
            "PGPASSWORD": self.password,
        }

    def create(self, database: str) -> str:
        """Make an empty database; return its address, as SQLAlchemy reads it."""
        self.run("createdb", database)
        return f"postgresql+psycopg2://postgres:{self.password}@{LOOPBACK}:{self.port}/{database}"

    def run(self, program: str, *arguments: str) -> str:
        """Run one of PostgreSQL's programs against the server; return what it prints."""
        return subprocess.run(
            [self.programs / program, *arguments],
            check=True, capture_output=True, text=True, env=os.environ | self.environment,
        ).stdout  # fmt: skip


@contextmanager
def postgres() -> Iterator[Postgres]:
    """Run an empty server; the test is skipped where there are no programs for one."""
    folder = Path(tempfile.mkdtemp(prefix="postgres-"))
    try:
        with _serving(folder, programs()) as server:
            yield server
    finally:
        shutil.rmtree(folder)


def programs() -> Path:
    """Return the folder of the newest PostgreSQL's programs; skip where there is none."""
    # Debian keeps them off the PATH, one folder per version.
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda one: float(one.parts[4]))
    on_path = shutil.which("initdb")
    if not found and not on_path:
        pytest.skip(HOW)
    return (found[-1] if found else Path(str(on_path)).resolve()).parent


@contextmanager
def _serving(folder: Path, programs: Path) -> Iterator[Postgres]:
    # PostgreSQL refuses to run as root, so root runs it as the user of Debian's package.
    is_root = os.getuid() == ROOT
    who: dict[str, Any] = {"user": "postgres", "group": "postgres", "extra_groups": []} if is_root else {}
    if is_root:
        shutil.chown(folder, "postgres", "postgres")
    made, data, log = Postgres(programs, free_port(), secrets.token_hex(8)), folder / "data", folder / "log"
    password = folder / "password"
    password.write_text(made.password)
    first = [
        "--username=postgres",
        "--auth=scram-sha-256",
        f"--pwfile={password}",
        "--encoding=UTF8",
        "--no-sync",
    ]
    subprocess.run([programs / "initdb", data, *first], check=True, capture_output=True, cwd=folder, **who)
    options = {"listen_addresses": LOOPBACK, "port": made.port, "unix_socket_directories": "", "fsync": "off"}
    command = [programs / "postgres", "-D", data, *(f"--{key}={value}" for key, value in options.items())]
    # SIGINT is its fast shutdown: clients are sent away instead of waited for.
    with running(command, log, stop=signal.SIGINT, cwd=folder, **who) as server:
        ready = [programs / "pg_isready", "--quiet", f"--host={LOOPBACK}", f"--port={made.port}"]
        wait_until(lambda: subprocess.run(ready, check=False).returncode == 0, server, log)
        yield made
