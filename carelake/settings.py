"""Settings: the environment beats `.env`, `.env` beats `conf/carelake.toml`, that beats the defaults."""

from pathlib import Path
from typing import Literal

from pydantic import Field, ValidationError
from pydantic_settings import (
    BaseSettings,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from carelake.errors import UsageError
from carelake.places import place

PROJECT = Path(__file__).resolve().parent.parent
"""The project's folder: where `conf/` and `.cache/` are."""


class Settings(BaseSettings):
    """Everything a deployment may want to change; names are those of the environment, in lower case."""

    model_config = SettingsConfigDict(
        env_file=".env", toml_file=PROJECT / "conf/carelake.toml", extra="ignore"
    )

    carelake_data_dir: str | Path = Field(
        "data", description="Root of landing zone, truth, lake and MLflow: a folder, or s3a://bucket/prefix."
    )
    spark_master: str = Field("local[*]", description="Spark master; local[*], spark://host:port, ...")
    spark_memory: str = Field("4g", description="Memory of the driver, and of each executor of a cluster.")
    spark_event_log_dir: str = Field(
        "",
        description="Folder or URI that Spark writes event logs to, for its history server; empty for none.",
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        "INFO", description="Level of Carelake's own log."
    )
    log_format: Literal["text", "json"] = Field(
        "text", description="Form of the log: lines to read, or one JSON object per line."
    )
    mlflow_tracking_uri: str = Field(
        "", description="MLflow server of runs and models; empty for a store beside the lake."
    )
    parallel_tables: int = Field(3, ge=1, description="Independent tables built side by side.")

    @property
    def data(self) -> Path:
        """Root of all data, absolute."""
        return place(self.carelake_data_dir)

    @property
    def landing_zone(self) -> Path:
        """Where deliveries arrive."""
        return self.data / "landing_zone"

    @property
    def truth(self) -> Path:
        """The sealed truth; `carelake verify` and tests alone read it."""
        return self.data / "truth"

    @property
    def lake(self) -> Path:
        """Root of the Delta tables."""
        return self.data / "lake"

    @property
    def mlflow(self) -> Path:
        """Folder of the MLflow store where no server is set."""
        return self.data / "mlflow"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,
        file_secret_settings: PydanticBaseSettingsSource,
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Order the sources: arguments, environment, `.env`, the settings file."""
        return init_settings, env_settings, dotenv_settings, TomlConfigSettingsSource(settings_cls)


def load_settings() -> Settings:
    """Read the settings; UsageError names what is wrong with which."""
    try:
        return Settings()
    except ValidationError as problem:
        faults = "; ".join(f"{'.'.join(map(str, e['loc'])).upper()}: {e['msg']}" for e in problem.errors())
        raise UsageError(f"settings: {faults}") from problem
