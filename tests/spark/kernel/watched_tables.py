"""A small table that reads a horizon and chosen columns: visits, until the data reaches beyond them."""

from pyspark.sql import DataFrame
from pyspark.sql import functions as F

from carelake.contract import Column, Input
from tests.builders import small_contract

INPUTS = {
    "visits": "id string, ward string, day int",
    "wards": "id string, kind string, beds int",
    "notes": "id string, through int",
}
WATCHED = small_contract(
    "gold/watched",
    columns=(
        Column("id", "string", "Visit.", key_position=1, required=True),
        Column("kind", "string", "Kind of its ward."),
        Column("is_over", "boolean", "The data reaches beyond its last day."),
        Column("made_at", "int", "How far the data reached when the row was made."),
    ),
    reads=(
        Input("silver/visits", "scoped"),
        Input("silver/wards", "global", ("id", "kind")),
        Input("silver/notes", "horizon"),
    ),
    awaits="NOT is_over",
    module=__name__,
)


def watched(visits: DataFrame, wards: DataFrame, notes: DataFrame) -> DataFrame:
    """Say of each visit whether the data reaches beyond it."""
    assert wards.columns == ["id", "kind"], "an input that names columns is read with them alone"
    of_ward = visits.join(wards.withColumnRenamed("id", "ward"), on="ward", how="left")
    horizon = notes.agg(F.max("through").alias("made_at"))
    return of_ward.crossJoin(horizon).select(
        "id", "kind", (F.col("day") < F.col("made_at")).alias("is_over"), "made_at"
    )
