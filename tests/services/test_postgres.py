"""The databases that conf/postgres makes, and the health check of the service."""

import subprocess

import pytest

from tests.compose import Loopback
from tests.servers import LOOPBACK, free_port

WHOSE = "create table mine (); select current_user, current_database()"


@pytest.mark.parametrize("name", ["airflow", "mlflow"])
def test_each_service_has_a_database_of_its_own(database_server, values, name):
    password = values[f"{name.upper()}_DB_PASSWORD"]
    address = f"postgresql://{name}:{password}@{LOOPBACK}:{database_server.port}/{name}"
    told = database_server.run("psql", "-XAtc", WHOSE, address)
    assert told.split() == ["CREATE", "TABLE", f"{name}|{name}"]


def test_a_wrong_password_opens_nothing(database_server):
    address = f"postgresql://mlflow:guess@{LOOPBACK}:{database_server.port}/mlflow"
    with pytest.raises(subprocess.CalledProcessError, match="psql"):
        database_server.run("psql", "-c", "select 1", address)


def test_the_health_check_tells_a_running_server_from_none(database_server, values):
    service = Loopback(values, {})
    assert service.is_healthy("postgres", PGPORT=str(database_server.port))
    assert not service.is_healthy("postgres", PGPORT=str(free_port()))
