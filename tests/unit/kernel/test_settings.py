"""The environment beats `.env`, `.env` beats the settings file, that beats the defaults."""

import pytest

from carelake.errors import UsageError
from carelake.settings import Settings, load_settings


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    toml = tmp_path / "carelake.toml"
    toml.write_text('spark_memory = "1g"\nlog_level = "WARNING"\nspark_master = "local[1]"\n')
    monkeypatch.setitem(Settings.model_config, "toml_file", toml)
    monkeypatch.chdir(tmp_path)
    (tmp_path / ".env").write_text("SPARK_MEMORY=2g\nLOG_LEVEL=ERROR\nSOMEBODY_ELSES=1\n")
    monkeypatch.setenv("SPARK_MEMORY", "3g")
    return tmp_path


def test_the_nearest_source_wins(folder):
    found = load_settings()
    assert (found.spark_memory, found.log_level, found.spark_master) == ("3g", "ERROR", "local[1]")
    assert found.parallel_tables == 3


def test_everything_lies_below_one_root(folder, monkeypatch):
    monkeypatch.setenv("CARELAKE_DATA_DIR", "elsewhere")
    found = load_settings()
    root = folder / "elsewhere"
    assert (found.landing_zone, found.truth, found.lake) == (
        root / "landing_zone",
        root / "truth",
        root / "lake",
    )


def test_a_store_of_another_kind_is_refused(folder, monkeypatch):
    monkeypatch.setenv("CARELAKE_DATA_DIR", "gs://bucket/prefix")
    with pytest.raises(UsageError, match="gs://bucket/prefix: of object stores those that speak S3"):
        _ = load_settings().lake


def test_a_wrong_setting_is_named(folder, monkeypatch):
    monkeypatch.setenv("PARALLEL_TABLES", "none")
    with pytest.raises(UsageError, match="PARALLEL_TABLES") as problem:
        load_settings()
    assert problem.value.exit_code == 2
