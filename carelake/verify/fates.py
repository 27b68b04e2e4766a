"""What became of every delivered row, by where it is found."""

import polars as pl

from carelake.verify.tables import BATCH, DELIVERED, FILE, PLACE, LakeTables

SILVER, QUARANTINE, SUPERSEDED = "silver", "quarantine", "superseded"
LAYERS = ("bronze", SILVER, QUARANTINE)


def fates(tables: LakeTables, name: str) -> pl.DataFrame:
    """Return how often each delivered row of a table is in `bronze`, `silver` and `quarantine`.

    A row in bronze alone counts as superseded; whether it really is, `reconcile` finds out.
    """
    parts = [
        tables.scan(f"{layer}/{name}").select(
            *DELIVERED, *(pl.lit(int(layer == other), pl.Int32).alias(other) for other in LAYERS)
        )
        for layer in LAYERS
    ]
    return pl.concat(parts).group_by(DELIVERED).agg(pl.col(LAYERS).sum()).collect()


def is_superseded() -> pl.Expr:
    """Return whether a delivered row is in bronze alone."""
    return (pl.col(SILVER) == 0) & (pl.col(QUARANTINE) == 0)


def has_one_fate() -> pl.Expr:
    """Return whether a row was delivered once and is in one place at most beside bronze."""
    return (pl.col("bronze") == 1) & (pl.col(SILVER) + pl.col(QUARANTINE) <= 1)


def places(delivered: pl.DataFrame, fate: str) -> pl.DataFrame:
    """Return file and row of the delivered rows with a fate."""
    condition = is_superseded() if fate == SUPERSEDED else pl.col(fate) > 0
    return delivered.filter(condition).select(PLACE).unique()


def latest_batches(tables: LakeTables, name: str) -> pl.DataFrame:
    """Return file and batch of the content each file has now: one replaced in place came in several."""
    loads = tables.scan(f"bronze/{name}").group_by(FILE, BATCH).agg(pl.col("_ingested_at").max()).collect()
    return loads.sort("_ingested_at").unique(FILE, keep="last").select(FILE, BATCH)
