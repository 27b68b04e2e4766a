"""Beds and midnight census of hospital units by day."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import date_key, surrogate_key

CONTRACT = neighbour(__file__)


def fact_bed_days(beds: DataFrame) -> DataFrame:
    """Return one row per facility, unit and open day; occupancy over 100 % stays as it is."""
    patients, staffed = F.col("occupied_beds"), F.col("staffed_beds")
    return beds.withColumns(
        {
            "facility_sk": surrogate_key(F.col("facility_id")),
            "bed_date_key": date_key(F.col("bed_date")),
            "occupancy": F.try_divide(patients, staffed),
            "is_over_capacity": patients > staffed,
        }
    ).select(*CONTRACT.select())
