"""A lake in an object store, of a server that speaks S3: built, brought up to date, locked and read."""

import json
import shutil
import socket
import subprocess
import time

import pytest

from carelake.lock import exclusive
from carelake.places import place
from carelake.settings import PROJECT
from tests.cluster.commands import PROGRAMS, carelake, differences, done

pytest.importorskip("upath", reason="data in an object store needs `make s3-jars`")
if not list((PROJECT / ".cache/s3-jars").glob("*.jar")):
    pytest.skip("data in an object store needs `make s3-jars`", allow_module_level=True)

CHOSEN = [word for name in ("patients", "dim_patient") for word in ("--tables", name)]
CREDENTIALS = {"AWS_ACCESS_KEY_ID": "any", "AWS_SECRET_ACCESS_KEY": "any", "AWS_REGION": "us-east-1"}
pytestmark = pytest.mark.timeout(1800)


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as server:
        return server.getsockname()[1]


def answers(port):
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


@pytest.fixture(scope="module")
def store():
    """A prefix of a bucket; the environment names its server to every program that speaks S3."""
    port = free_port()
    command = [str(PROGRAMS / "moto_server"), "-H", "127.0.0.1", "-p", str(port)]
    # A process of its own: deltalake holds Python's lock while it waits for an answer.
    server = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while not answers(port):
        assert server.poll() is None, "moto_server did not start"
        time.sleep(0.2)
    told = CREDENTIALS | {"AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}", "AWS_ALLOW_HTTP": "true"}
    with pytest.MonkeyPatch.context() as patch:
        for name, value in told.items():
            patch.setenv(name, value)
        yield place("s3a://carelake/small")
    server.terminate()
    server.wait()


@pytest.fixture(scope="module")
def stored(landing, store):
    """The lake of two runs: the initial extract, then the later delivery."""
    initial = sorted(path for path in landing.iterdir() if path.is_file())
    later = [path for path in landing.iterdir() if path.is_dir()]
    store.fs.mkdir("carelake")
    for arrived in (initial, later):
        for path in arrived:
            store.fs.put(str(path), f"{store.path}/landing_zone/{path.name}", recursive=path.is_dir())
        done(carelake(str(store), "run", *CHOSEN))
    return store


def test_two_runs_make_the_lake_that_one_makes_on_disk(landing, stored, tmp_path):
    shutil.copytree(landing, tmp_path / "landing_zone")
    done(carelake(tmp_path, "run", *CHOSEN))
    assert differences(tmp_path, stored) == {}


def test_status_reads_it(stored):
    found = json.loads(done(carelake(str(stored), "status", "--json"))[0])
    assert {"silver/patients", "gold/dim_patient"} <= {table["table"] for table in found["tables"]}
    assert [run["outcome"] for run in found["runs"]] == ["done", "done"]


def test_a_second_run_is_refused_wherever_it_is_started(stored):
    with exclusive(stored / "lake"):
        process = carelake(str(stored), "run", *CHOSEN)
        errors = process.communicate()[1]
    assert process.returncode == 1
    assert "another run or check is working on s3a://carelake/small/lake" in errors
    assert "remove s3a://carelake/small/lake/_lock" in errors
    with exclusive(stored / "lake"):
        pass
