"""What monitoring finds is kept in a table of the lake."""

from datetime import UTC, datetime

from carelake.cli.monitor import keep
from carelake.delta import Lake
from ml.monitoring.monitor import Finding

NOW = datetime(2025, 3, 1, 8, tzinfo=UTC)
SINCE = datetime(2025, 1, 1, tzinfo=UTC)


def test_each_time_is_kept_with_what_it_found(spark, tmp_path):
    lake = Lake(tmp_path, lambda: spark)
    found = Finding("carelake-readmission", "1", "psi", "age", 0.3, 0.0, 0.02, 400, True, SINCE)
    keep(lake, [found], NOW)
    keep(lake, [found], NOW)
    kept = lake.read("gold/model_monitoring").select("monitored_at", "since", "subject", "is_past_bound")
    assert (
        kept.selectExpr("cast(monitored_at AS string)", "cast(since AS string)", "subject").collect()
        == [("2025-03-01 08:00:00", "2025-01-01 00:00:00", "age")] * 2
    )
