"""What a build is measured against: DuckDB makes eight tables of gold from the same landing zone.

    python -m benchmarks.duckdb_facts LANDING_ZONE OUTPUT

Each table becomes a Parquet file. The landing zone must be clean: values are cast and the latest version of a
row is taken, that is all.
"""

import sys
from pathlib import Path

import duckdb

from carelake.contract import Contract
from carelake.tables import registry
from jobs.reference import sources

SQL = Path(__file__).with_name("facts.sql")
GOLD = (
    "dim_patient",
    "fact_encounters",
    "fact_claims",
    "fact_procedures",
    "fact_medications",
    "fact_treatments",
    "fact_bed_days",
    "fact_staffing",
)
SILVER = (
    "patients",
    "encounters",
    "diagnoses",
    "procedures",
    "claims",
    "medications",
    "treatments",
    "beds",
    "staffing",
)


def make(landing_zone: Path, output: Path) -> None:
    """Write each table of GOLD into a Parquet file of the output folder."""
    output.mkdir(parents=True)
    with duckdb.connect() as lake:
        for name in SILVER:
            silver(lake, registry().contracts[f"silver/{name}"], landing_zone)
        lake.from_arrow(sources.load("denial_codes")).create("denial_codes")
        lake.execute(SQL.read_text(encoding="utf-8"))
        for name in GOLD:
            lake.table(name).write_parquet(str(output / f"{name}.parquet"))


def silver(lake: duckdb.DuckDBPyConnection, contract: Contract, landing_zone: Path) -> None:
    """Make a silver table of its file: columns cast, the latest row of each key."""
    delivered = lake.read_csv(str(landing_zone / f"{contract.name}.csv"), all_varchar=True, header=True)
    cast = delivered.project(
        ", ".join(f'cast("{c.name}" as {c.type}) as "{c.name}"' for c in contract.columns)
    )
    rank = f"row_number() over (partition by {', '.join(contract.keys)} order by updated_at desc)"
    ranked = cast.project(f"*, {rank} as _rank")
    ranked.filter("_rank = 1").project("* exclude (_rank)").create(contract.name)


if __name__ == "__main__":
    make(Path(sys.argv[1]), Path(sys.argv[2]))
