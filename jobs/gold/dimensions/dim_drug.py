"""Drugs by code."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contracts import neighbour
from jobs.columns.keys import surrogate_key

CONTRACT = neighbour(__file__)


def dim_drug(drug_codes: DataFrame) -> DataFrame:
    """Return one row per drug, form and strength; the reference's texts become flags where they are such."""
    keyed = drug_codes.withColumns(
        {"drug_sk": surrogate_key(F.col("drug_code")), "is_generic": F.col("is_generic") == "true"}
    )
    return keyed.select(*CONTRACT.select())
