"""MinIO as in docker-compose.yml; the program is built from source, and the test skipped where nobody did."""

import shutil

import boto3
import pytest
from botocore.exceptions import ClientError

from tests.compose import Loopback

HOW = "no minio on the PATH: GOBIN=... go install github.com/minio/minio@... as the Dockerfile does"


@pytest.fixture(scope="module")
def store(values, tmp_path_factory):
    """A running MinIO, and how to reach it as the user of the compose file."""
    if not shutil.which("minio"):
        pytest.skip(HOW)
    folder = tmp_path_factory.mktemp("minio")
    where = Loopback(values, {"/var/lib/minio": folder / "drive"})
    with where.serving("minio", folder / "log"):
        yield lambda password: boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{where.ports['9000']}",
            aws_access_key_id="carelake",
            aws_secret_access_key=password,
            region_name="us-east-1",
        )


def test_the_bucket_is_there_and_takes_files(store, values):
    client = store(values["MINIO_ROOT_PASSWORD"])
    client.put_object(Bucket="carelake", Key="gold/a", Body=b"rows")
    assert client.get_object(Bucket="carelake", Key="gold/a")["Body"].read() == b"rows"
    assert [one["Key"] for one in client.list_objects_v2(Bucket="carelake")["Contents"]] == ["gold/a"]


def test_a_wrong_password_is_refused(store):
    with pytest.raises(ClientError, match="SignatureDoesNotMatch"):
        store("guess").list_buckets()
