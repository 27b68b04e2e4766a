"""What containers must be like, as far as the files tell: no engine is needed for it."""

import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from carelake.settings import PROJECT
from tests.compose import FILE, VARIABLE, services

TEXT = FILE.read_text(encoding="utf-8")
DOCKERFILE = (PROJECT / "Dockerfile").read_text(encoding="utf-8")
TARGETS = re.findall(r"^FROM (?P<image>\S+) AS (?P<stage>\S+)$", DOCKERFILE, re.MULTILINE)
SECRET = re.compile("PASSWORD|SECRET|KEY|TOKEN")
WITH_PASSWORD = re.compile(r"://\w+:(?!\$)[^@]*@")
EXACT = re.compile(r"(postgres:\d+\.\d+|(python|golang):\d+\.\d+\.\d+)(-[\w-]+)?")
"""A tag that names one release."""
ONE_SHOT = {"airflow-init", "demo"}


@pytest.fixture(scope="module")
def compose() -> dict[str, dict[str, Any]]:
    return services({found["name"]: "x" for found in VARIABLE.finditer(TEXT)})


def test_the_compose_file_is_one():
    checked = subprocess.run(
        [sys.executable, "-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", FILE],
        check=False, capture_output=True, text=True,
    )  # fmt: skip
    assert checked.returncode == 0, checked.stdout


def test_the_dockerfile_is_clean():
    program = Path(sys.executable).with_name("hadolint")
    checked = subprocess.run([program, PROJECT / "Dockerfile"], check=False, capture_output=True, text=True)
    assert (checked.returncode, checked.stdout) == (0, "")


def test_only_this_machine_reaches_a_port(compose):
    ports = [port for service in compose.values() for port in service.get("ports", [])]
    assert ports
    assert [port for port in ports if not port.startswith("127.0.0.1:")] == []
    outside = [port.split(":")[1] for port in ports]
    assert sorted(outside) == sorted(set(outside)), "two services want one port"


def test_secrets_come_from_the_environment_and_are_asked_for():
    told = yaml.safe_load(TEXT)["services"]
    given = {key: value for one in told.values() for key, value in one.get("environment", {}).items()}
    secrets = {key: value for key, value in given.items() if SECRET.search(key)}
    assert len(secrets) > 5
    assert {key for key, value in secrets.items() if not value.endswith(":?set it in .env}")} == set()
    assert [value for value in given.values() if WITH_PASSWORD.search(value)] == []


def test_images_are_exact_releases(compose):
    foreign = {one["image"] for one in compose.values() if "build" not in one}
    stages = {stage for _, stage in TARGETS}
    foreign |= {image for image, _ in TARGETS if image not in stages}
    assert {image for image in foreign if not EXACT.fullmatch(image)} == set()
    assert len(foreign) == 3


def test_targets_are_stages_of_the_dockerfile(compose):
    wanted = {one["build"]["target"] for one in compose.values() if "build" in one}
    assert wanted == {"spark", "mlflow", "airflow", "minio"}
    assert wanted <= {stage for _, stage in TARGETS}


def test_long_running_services_say_whether_they_are_well(compose):
    assert {name for name, one in compose.items() if "healthcheck" not in one} == ONE_SHOT


def test_waiting_is_for_something_that_says_so(compose):
    for name, service in compose.items():
        for other, how in service.get("depends_on", {}).items():
            ends = other in ONE_SHOT
            expected = "service_completed_successfully" if ends else "service_healthy"
            assert how["condition"] == expected, f"{name} waits for {other}"


def test_containers_run_without_root():
    stages = re.split(r"^FROM ", DOCKERFILE, flags=re.MULTILINE)[1:]
    users = {stage.split()[2]: re.findall(r"^USER (\S+)", stage, re.MULTILINE) for stage in stages}
    assert users.pop("base") == ["1000"]
    assert set(map(tuple, users.values())) == {()}, "all stages that run are made from base"


def test_what_is_copied_or_mounted_is_there(compose):
    copied = [line for line in DOCKERFILE.splitlines() if line.startswith("COPY ") and "--from" not in line]
    sources = [word for line in copied for word in shlex.split(line)[1:-1] if not word.startswith("--")]
    mounts = [volume.split(":")[0] for one in compose.values() for volume in one.get("volumes", [])]
    sources += [mount for mount in mounts if mount.startswith(".")]
    assert len(sources) > 10
    assert [source for source in sources if not (PROJECT / source).exists()] == []


def test_volumes_are_declared(compose):
    mounts = {volume.split(":")[0] for one in compose.values() for volume in one.get("volumes", [])}
    assert {mount for mount in mounts if not mount.startswith(".")} == set(yaml.safe_load(TEXT)["volumes"])
