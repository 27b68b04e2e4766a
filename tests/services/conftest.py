"""What services stand on: the secrets that `.env` would hold, and a PostgreSQL with their databases."""

import os
import secrets
import subprocess
from base64 import b64encode
from collections.abc import Iterator

import pytest

from carelake.settings import PROJECT
from tests.compose import FILE, VARIABLE
from tests.postgres import Postgres, postgres


@pytest.fixture(scope="session")
def values() -> dict[str, str]:
    """A value for each variable that the compose file requires."""
    required = [found["name"] for found in VARIABLE.finditer(FILE.read_text()) if found["kind"] == "?"]
    return {name: secrets.token_hex(32) for name in required} | {
        "AIRFLOW_FERNET_KEY": b64encode(b"any thirty-two bytes make a key.").decode(),
        "SPARK_MEMORY": "1g",
    }


@pytest.fixture(scope="session")
def database_server(values) -> Iterator[Postgres]:
    """A PostgreSQL on whose empty cluster the script ran that the image would run."""
    with postgres() as server:
        given = os.environ | server.environment | values | {"POSTGRES_USER": "postgres"}
        subprocess.run([PROJECT / "conf/postgres/databases.sh"], check=True, env=given)
        yield server
