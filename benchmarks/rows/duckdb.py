"""Eight tables of gold, from the files on, against DuckDB making the same rows of the same files."""

import sys
from collections.abc import Iterator
from pathlib import Path

import duckdb
from deltalake import DeltaTable

from benchmarks.bench import Bench, Pair
from benchmarks.duckdb_facts import GOLD, SILVER
from carelake.contract import Contract
from carelake.tables import registry

PATIENTS = 200_000


def facts(bench: Bench, patients: int | None) -> Iterator[Pair]:
    """Measure a first run of the tables that DuckDB makes too, from clean files; the rows must be equal."""
    patients = patients or PATIENTS
    wanted = [f"silver/{name}" for name in SILVER] + [f"gold/{name}" for name in GOLD]
    chosen = [part for table in wanted for part in ("--tables", table)]
    with bench.data("duckdb") as data:
        bench.generate(data, patients, "--defect-rate", "0")
        script = [
            sys.executable,
            "-m",
            "benchmarks.duckdb_facts",
            str(data / "landing_zone"),
            str(data / "facts"),
        ]
        theirs = bench.run(script, data)
        ours = bench.carelake(data, "run", *chosen)
        if unequal := different(data / "lake", data / "facts"):
            sys.exit(f"DuckDB made other rows: {unequal}")
        yield Pair(f"eight tables of gold, {patients:,} patients", "DuckDB making them", 4, ours, theirs)


def different(lake: Path, facts: Path) -> dict[str, int]:
    """Return how many rows of each table the other hasn't got; only those tables that differ."""
    found = {name: _missing(registry().contracts[f"gold/{name}"], lake, facts) for name in GOLD}
    return {name: rows for name, rows in found.items() if rows}


def _missing(contract: Contract, lake: Path, facts: Path) -> int:
    ours = _counted(contract, DeltaTable(str(lake / contract.table)).file_uris())
    theirs = _counted(contract, [str(facts / f"{contract.name}.parquet")])
    return len(ours.except_(theirs)) + len(theirs.except_(ours))


def _counted(contract: Contract, files: list[str]) -> duckdb.DuckDBPyRelation:
    """Return the distinct rows of some files, each with how often it is there."""
    columns = ", ".join(f'"{name}"' for name in contract.names)
    return duckdb.read_parquet(files).aggregate(f"{columns}, count(*) as _rows", columns)
