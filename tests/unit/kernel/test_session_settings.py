"""What a session is set to follows from where it runs, how much there is to read, and what Spark was told."""

import pytest

from carelake.settings import PROJECT, Settings
from carelake.spark import LARGE_INPUT_BYTES, configured

CONF = PROJECT / "conf/spark"
CODEGEN = "spark.sql.codegen.factoryMode"
JVM = "spark.driver.extraJavaOptions"
HOTSPOT_BYTES = 8000
"""Methods of more bytes of code are interpreted by Java's virtual machine, unless it is told otherwise."""
COMPILES_ALL = "-XX:-DontCompileHugeMethods"


@pytest.fixture
def settings(tmp_path):
    return Settings(carelake_data_dir=tmp_path)


@pytest.fixture
def deliver(settings):
    """Put one file of so many bytes, without content, into the landing zone."""

    def file(size):
        settings.landing_zone.mkdir()
        with (settings.landing_zone / "claims.csv").open("wb") as stream:
            stream.truncate(size)

    return file


def test_nothing_is_compiled_for_a_small_input(settings, deliver):
    deliver(LARGE_INPUT_BYTES - 1)
    found = configured(settings, CONF, "local[2]", {})
    assert (found[CODEGEN], found["spark.sql.adaptive.enabled"]) == ("NO_CODEGEN", "false")
    assert "TieredStopAtLevel=1" in found[JVM]


def test_work_on_many_tables_takes_both_compilers(settings):
    found = configured(settings, CONF, "local[2]", {}, is_long=True)
    assert "TieredStopAtLevel" not in found[JVM]
    assert "NewRatio" in found[JVM]


def test_a_large_input_takes_spark_as_it_is(settings, deliver):
    deliver(LARGE_INPUT_BYTES)
    found = configured(settings, CONF, "local[2]", {})
    assert CODEGEN not in found
    assert found["spark.sql.adaptive.enabled"] == "true"
    assert "ParallelGC" in found[JVM]


def test_whatever_spark_generates_for_many_rows_the_jvm_compiles(settings, deliver):
    deliver(LARGE_INPUT_BYTES)
    found = configured(settings, CONF, "local[2]", {})
    assert int(found["spark.sql.codegen.hugeMethodLimit"]) <= HOTSPOT_BYTES or COMPILES_ALL in found[JVM]


def test_a_cluster_compiles_whatever_it_reads(settings):
    found = configured(settings, CONF, "spark://elsewhere:7077", {})
    assert CODEGEN not in found
    assert (found["spark.sql.adaptive.enabled"], found["spark.sql.shuffle.partitions"]) == ("true", "16")


def test_what_spark_was_told_beats_the_files(settings):
    found = configured(settings, CONF, "local[2]", {CODEGEN: "FALLBACK", "spark.jars": "/mine.jar"})
    assert found[CODEGEN] == "FALLBACK"
    assert found["spark.jars"] == "/mine.jar"
