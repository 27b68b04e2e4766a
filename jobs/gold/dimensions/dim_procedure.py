"""Procedure codes."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)


def dim_procedure(procedure_codes: DataFrame) -> DataFrame:
    """Return one row per code; ICD-10-PCS has seven characters and HCPCS five, so codes never collide."""
    keyed = procedure_codes.withColumn("procedure_sk", surrogate_key(F.col("procedure_code")))
    return keyed.select(*CONTRACT.select())
