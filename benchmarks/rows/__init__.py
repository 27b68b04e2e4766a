"""The lines of the report, a file each."""

from benchmarks.bench import Row
from benchmarks.rows.duckdb import facts
from benchmarks.rows.generator import generator
from benchmarks.rows.growth import growth
from benchmarks.rows.idle import idle
from benchmarks.rows.stock import stock
from benchmarks.rows.suite import suite
from benchmarks.rows.training import training

ROWS: dict[str, Row] = {
    "generator": generator,
    "stock": stock,
    "duckdb": facts,
    "growth": growth,
    "idle": idle,
    "training": training,
    "suite": suite,
}
