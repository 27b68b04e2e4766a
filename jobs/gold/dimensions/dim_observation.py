"""What is measured."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)


def dim_observation(observation_codes: DataFrame) -> DataFrame:
    """Return one row per LOINC code; usual ranges are those of adults, plausible ones those of anybody."""
    keyed = observation_codes.withColumn("observation_sk", surrogate_key(F.col("observation_code")))
    return keyed.select(*CONTRACT.select())
