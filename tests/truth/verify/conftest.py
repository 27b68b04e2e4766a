"""A sound lake per test, copied from one that is written once."""

import shutil
from pathlib import Path

import pytest

from tests.truth.verify import small_lake


@pytest.fixture(scope="session")
def _sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    data = tmp_path_factory.mktemp("sound") / "data"
    small_lake.build(data)
    return data


@pytest.fixture
def data(_sound: Path, tmp_path: Path) -> Path:
    """Root of a lake that agrees with its truth: the test's own, to be spoiled."""
    return Path(shutil.copytree(_sound, tmp_path / "data"))
