"""The services of docker-compose.yml run by hand: their commands and health checks, on loopback."""

import os
import re
import shlex
import subprocess
import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from carelake.settings import PROJECT
from tests.servers import LOOPBACK, free_port, running, wait_until

FILE = PROJECT / "docker-compose.yml"
VARIABLE = re.compile(r"\$\{(?P<name>\w+)(?::(?P<kind>[-?])(?P<word>[^}]*))?\}")
"""What compose replaces by a value of `.env`: with a default after `:-`, required with `:?`."""
PORT = re.compile(r"(?<![\w.])\d{4}(?!\w)")
ANYWHERE = "0.0.0.0"  # noqa: S104 - what is replaced


def services(values: Mapping[str, str]) -> dict[str, dict[str, Any]]:
    """Return all services with their variables replaced; KeyError for a required one without value."""

    def value(found: re.Match[str]) -> str:
        return values.get(found["name"], found["word"]) if found["kind"] == "-" else values[found["name"]]

    return yaml.safe_load(VARIABLE.sub(value, FILE.read_text(encoding="utf-8")))["services"]


@dataclass
class Loopback:
    """Where things of the compose file are here: hosts on loopback, each port and folder elsewhere."""

    values: Mapping[str, str]
    folders: Mapping[str, Path]
    ports: dict[str, str] = field(default_factory=lambda: defaultdict(lambda: str(free_port())))

    def __post_init__(self) -> None:
        self.services = services(self.values)
        names = "|".join(map(re.escape, [*self.services, "localhost", ANYWHERE]))
        self.host = re.compile(rf"(?<![\w.-])(?:{names})(?=:\d{{4}}\b)|(?<=--host )\S+")

    def here(self, text: str) -> str:
        """Return a text of the compose file as it must be here."""
        text = PORT.sub(lambda found: self.ports[found[0]], self.host.sub(LOOPBACK, text))
        for inside in sorted(self.folders, key=len, reverse=True):
            text = text.replace(inside, str(self.folders[inside]))
        return text

    def command(self, name: str) -> list[str]:
        """Return the words of a service's command."""
        told = self.services[name]["command"]
        return shlex.split(self.here(told if isinstance(told, str) else shlex.join(told)))

    def environment(self, name: str) -> dict[str, str]:
        """Return the variables that a service is given, and this environment's programs for its own."""
        told = self.services[name].get("environment", {})
        programs = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        return {key: self.here(value) for key, value in told.items()} | {"PATH": programs}

    def is_healthy(self, name: str, **environment: str) -> bool:
        """Ask a service by its own health check."""
        test = [self.here(word) for word in self.services[name]["healthcheck"]["test"][1:]]
        given = self.environment(name) | environment
        return subprocess.run(test, check=False, capture_output=True, env=os.environ | given).returncode == 0

    def run(self, name: str, log: Path) -> None:
        """Run a service that ends by itself; AssertionError with its last words where it fails."""
        with running(self.command(name), log, environment=self.environment(name), cwd=PROJECT) as done:
            wait_until(lambda: done.poll() == 0, done, log)

    @contextmanager
    def serving(self, name: str, log: Path, **environment: str) -> Iterator[None]:
        """Run a service until its health check passes, and end it after."""
        given = self.environment(name) | environment
        with running(self.command(name), log, environment=given, cwd=PROJECT) as server:
            wait_until(lambda: self.is_healthy(name, **environment), server, log)
            yield
