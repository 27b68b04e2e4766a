"""A server that does not answer is told as that: soon, and never as a model without a champion."""

import os

import pytest
from mlflow import MlflowClient

from carelake.errors import CarelakeError
from carelake.settings import Settings
from ml.tracking.champions import champion
from ml.tracking.store import connect


def test_commands_name_the_setting_and_keep_its_password(nobody):
    with pytest.raises(CarelakeError, match=r"^MLflow on 127\.0\.0\.1:\d+ does not answer") as refused:
        connect(Settings(mlflow_tracking_uri=nobody))
    assert str(refused.value).endswith("start it, or look at MLFLOW_TRACKING_URI")
    assert "secret" not in str(refused.value)
    assert os.environ["MLFLOW_HTTP_REQUEST_MAX_RETRIES"] == "0"


def test_a_champion_that_nobody_can_tell_of_is_not_taken_for_none(nobody):
    with pytest.raises(CarelakeError, match="MLflow can't say which version of carelake-readmission"):
        champion(MlflowClient(nobody, nobody), "carelake-readmission")
