from datetime import date

from jobs.gold.facts.fact_bed_days import fact_bed_days
from tests.tables import rows, table


def bed(day, staffed, occupied):
    return {
        "facility_id": "F1",
        "unit": "icu",
        "bed_date": date(2024, 3, day),
        "licensed_beds": 8,
        "staffed_beds": staffed,
        "occupied_beds": occupied,
    }


def test_occupancy_is_never_capped_and_null_without_staffed_beds(spark):
    beds = table(spark, "silver/beds", [bed(1, 4, 3), bed(2, 4, 4), bed(3, 4, 5), bed(4, 0, 1), bed(5, 2, 0)])
    found = rows(fact_bed_days(beds), "bed_date_key", "staffed_beds", "occupancy", "is_over_capacity")
    assert found == [
        (20240301, 4, 0.75, False),
        (20240302, 4, 1.0, False),
        (20240303, 4, 1.25, True),
        (20240304, 0, None, True),
        (20240305, 2, 0.0, False),
    ]


def test_a_row_leads_to_its_facility(spark):
    made = fact_bed_days(table(spark, "silver/beds", [bed(1, 4, 3), {**bed(1, 4, 3), "facility_id": "F2"}]))
    keys = dict(rows(made, "facility_id", "facility_sk"))
    assert len(set(keys.values())) == 2
    assert all(len(key) == 32 for key in keys.values())
