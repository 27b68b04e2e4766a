"""A few figures of the lake that a newcomer would ask for first; read without a JVM."""

from pathlib import Path

import polars as pl


def headlines(lake: Path) -> dict[str, str]:
    """Return headline figures by what they mean; the measures are those of the definitions."""
    stays = _gold(lake, "fact_encounters").filter(pl.col("los_days").is_not_null())
    claims = _gold(lake, "fact_claims")
    months = _gold(lake, "fact_enrollment").select(pl.col("member_months").sum()).collect().item()
    versions = _gold(lake, "dim_patient").select(pl.len(), pl.col("patient_id").n_unique()).collect().row(0)
    discharges, days = stays.select(pl.len(), pl.col("los_days").sum()).collect().row(0)
    paid = claims.select(pl.col("paid_amount").sum()).collect().item()
    return {
        "patients": f"{versions[1]:,} in {versions[0]:,} versions",
        "inpatient discharges": f"{discharges:,}, {days / max(discharges, 1):.2f} days on average",
        "paid, net of reversals": f"USD {paid:,.2f}",
        "member months of closed coverage": f"{months:,}",
        "quarantined rows": f"{_quarantined(lake):,}",
    }


def _gold(lake: Path, table: str) -> pl.LazyFrame:
    return pl.scan_delta(str(lake / "gold" / table))


def _quarantined(lake: Path) -> int:
    tables = sorted((lake / "quarantine").glob("*"))
    return sum(pl.scan_delta(str(table)).select(pl.len()).collect().item() for table in tables)
