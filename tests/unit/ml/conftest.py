"""What tests of models share."""

import mlflow
import pytest

from tests.servers import free_port


@pytest.fixture
def nobody(monkeypatch):
    """The address of nobody; what MLflow remembers of it is forgotten after."""
    before = mlflow.get_tracking_uri(), mlflow.get_registry_uri()
    # MLflow leaves its address in the environment; set here, it is put back to what it was.
    monkeypatch.setenv("MLFLOW_TRACKING_URI", "")
    monkeypatch.setenv("MLFLOW_HTTP_REQUEST_MAX_RETRIES", "0")
    yield f"http://me:secret@127.0.0.1:{free_port()}"
    mlflow.set_tracking_uri(before[0])
    mlflow.set_registry_uri(before[1])
