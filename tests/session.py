"""The session tests run in: built as the product builds it, with `tests/spark.conf` on top."""

import shutil
from pathlib import Path

from pyspark.sql import SparkSession

from carelake.settings import PROJECT, Settings
from carelake.spark import build_session

CONF = PROJECT / "conf/spark"
ADDED = Path(__file__).with_name("spark.conf")


def start(folder: Path) -> SparkSession:
    """Start the session; `folder` keeps its configuration."""
    shutil.copy(CONF / "common.conf", folder)
    parts = [CONF / "local.conf", CONF / "small.conf", ADDED]
    (folder / "local.conf").write_text("".join(part.read_text(encoding="utf-8") for part in parts))
    settings = Settings(carelake_data_dir=folder, spark_master="local[2]", spark_memory="2g")
    return build_session(settings, conf_dir=folder)
