"""A lake that is maintained after every run, and before some of its readers, is that of one load."""

import shutil
from datetime import timedelta

from carelake.maintenance import maintain, tables_of
from tests.lakes import differences, of_domains, run, tables

CHOSEN = of_domains(["organisation", "people"])


def test_maintenance_after_each_delivery_ends_in_the_same_lake(spark, landing, whole, tmp_path):
    silver = [table for table in CHOSEN if table.startswith("silver/")]
    deliveries = sorted(path for path in landing.iterdir() if path.is_dir())
    shutil.copytree(landing, tmp_path / "landing_zone", ignore=lambda *_: [path.name for path in deliveries])
    for delivery in [None, *deliveries]:
        if delivery:
            shutil.copytree(delivery, tmp_path / "landing_zone" / delivery.name)
        for chosen in (silver, CHOSEN):
            assert run(lambda: spark, tmp_path, chosen=chosen).failures == []
            for table in tables_of(tmp_path / "lake"):
                maintain(tmp_path / "lake", table, "maintenance", timedelta(0), lambda: spark, many=1)
    assert set(CHOSEN) <= set(tables(tmp_path))
    assert differences(tmp_path, whole) == {}
