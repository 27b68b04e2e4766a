"""Literal rows as they are delivered, and what a table makes of them."""

import csv
import io
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from chispa import assert_df_equality
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F

from carelake.bronze import bronze_columns, ddl
from carelake.contract import Column, Contract
from carelake.quality.judge import judge
from tests.tables import contract, table

Row = dict[str, Any]

SOUND: dict[str, dict[str, str]] = {
    "patients": {
        "patient_id": "P1",
        "effective_date": "2020-01-01",
        "recorded_at": "2020-01-02 08:00:00",
        "last_name": "Doe",
        "birth_date": "1950-05-17",
        "sex": "F",
        "updated_at": "2020-01-02 08:00:00",
    },
    "providers": {
        "provider_id": "D1",
        "last_name": "Ray",
        "specialty": "cardiology",
        "updated_at": "2020-01-01 00:00:00",
    },
    "facilities": {
        "facility_id": "360001",
        "name": "Elm Hospital",
        "facility_type": "acute_care",
        "state": "OH",
        "updated_at": "2020-01-01 00:00:00",
    },
    "encounters": {
        "encounter_id": "E1",
        "patient_id": "P1",
        "facility_id": "360001",
        "encounter_type": "inpatient",
        "admitted_at": "2024-03-01 10:00:00",
        "discharged_at": "2024-03-05 12:00:00",
        "updated_at": "2024-03-06 00:00:00",
    },
    "diagnoses": {
        "diagnosis_id": "X1",
        "encounter_id": "E1",
        "patient_id": "P1",
        "sequence": "1",
        "diagnosis_code": "I509",
        "updated_at": "2024-03-06 00:00:00",
    },
    "claims": {
        "claim_id": "C1",
        "claim_version": "original",
        "patient_id": "P1",
        "encounter_id": "E1",
        "payer_id": "MEDICARE",
        "claim_form": "institutional",
        "service_from": "2024-03-01",
        "service_to": "2024-03-05",
        "billed_amount": "100.00",
        "claim_status": "paid",
        "submitted_at": "2024-03-10 00:00:00",
        "updated_at": "2024-03-10 00:00:00",
    },
    "observations": {
        "observation_id": "O1",
        "encounter_id": "E1",
        "patient_id": "P1",
        "observation_code": "718-7",
        "value": "13.5",
        "unit": "g/dL",
        "observed_at": "2024-03-01 11:00:00",
        "updated_at": "2024-03-01 12:00:00",
    },
    "treatments": {
        "treatment_id": "T1",
        "patient_id": "P1",
        "condition": "sepsis",
        "protocol_code": "SEP-ABX",
        "started_on": "2024-03-01",
        "planned_end_on": "2024-03-11",
        "status": "running",
        "updated_at": "2024-03-02 00:00:00",
    },
}
"""A sound row of a table, as text; the others of its columns are empty."""


def delivered(name: str, **changes: str | None) -> dict[str, str | None]:
    """Return a row of a landing file: the sound one but for the changes; None stands for a missing column."""
    sound = SOUND[name]
    row = {column: sound.get(column, "") for column in contract(f"silver/{name}").names}
    unknown = set(changes) - set(row)
    assert not unknown, f"{name} has no column {unknown}"
    return row | changes


def bronze(spark: SparkSession, name: str, rows: Iterable[Mapping[str, Any]]) -> DataFrame:
    """Return a bronze table; rows that don't say where they came from follow each other in one file."""
    columns = bronze_columns(contract(f"silver/{name}"))
    placed = [
        {"_source_file": f"{name}.csv", "_source_row": number, "_batch_id": "b1"} | dict(row)
        for number, row in enumerate(rows, 1)
    ]
    return spark.createDataFrame([tuple(row.get(c) for c in columns) for row in placed], ddl(columns))


def judged(
    spark: SparkSession, name: str, rows: Iterable[Mapping[str, Any]], **parents: Iterable[Row]
) -> list[Any]:
    """Return the judgement of delivered rows in their order; parents are rows of silver or of a dimension."""
    of = contract(f"silver/{name}")
    known = {
        parent: table(spark, f"{'gold' if parent.startswith('dim_') else 'silver'}/{parent}", found)
        for parent, found in parents.items()
    }
    return judge(of, bronze(spark, name, rows), known).orderBy("_source_file", "_source_row").collect()


def verdicts(
    spark: SparkSession,
    sound: Mapping[str, Row],
    changes: Iterable[tuple[str, Row]],
    parents: Mapping[str, Iterable[Row]],
) -> list[tuple[list[str], list[str]]]:
    """Return errors and warnings of sound rows of some tables, each with changes, in the order given."""
    cases = list(changes)
    found: dict[int, tuple[list[str], list[str]]] = {}
    for name, row in sound.items():
        empty = dict.fromkeys(contract(f"silver/{name}").names, "")
        places = [place for place, (of, _) in enumerate(cases) if of == name]
        known = {parent: rows for parent, rows in parents.items() if parent != name}
        rows = judged(spark, name, [empty | row | cases[place][1] for place in places], **known)
        found |= {place: (one["_reasons"], one["_warnings"]) for place, one in zip(places, rows, strict=True)}
    return [found[place] for place in range(len(cases))]


def csv_text(rows: Iterable[Mapping[str, Any]]) -> str:
    """Return a landing file of rows, header included; the first row gives the columns."""
    listed = [dict(row) for row in rows]
    out = io.StringIO()
    writer = csv.DictWriter(out, listed[0], lineterminator="\n")
    writer.writeheader()
    writer.writerows(listed)
    return out.getvalue()


def deliver(landing_zone: Path, name: str, rows: Iterable[Mapping[str, Any]], folder: str = ".") -> Path:
    """Write a landing file and return its path."""
    path = landing_zone / folder / f"{name}.csv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(csv_text(rows), encoding="utf-8", newline="")
    return path


def plain(frame: DataFrame) -> DataFrame:
    """Return a table without its audit columns: what must not depend on how the data arrived."""
    return frame.select(*(column for column in frame.columns if not column.startswith("_")))


def assert_same_rows(one: DataFrame, other: DataFrame) -> None:
    """Compare two frames row for row, repeats included, in any order."""
    columns = one.columns
    counted = [frame.groupBy(*columns).agg(F.count("*").alias("rows")) for frame in (one, other)]
    assert_df_equality(*counted, ignore_nullable=True, ignore_row_order=True, ignore_metadata=True)


def assert_obeys(frame: DataFrame, of: Contract) -> None:
    """Compare a frame's columns, their order and types with the contract."""
    assert [(f.name, f.dataType) for f in frame.schema] == [(f.name, f.dataType) for f in of.struct()]


def small_contract(table: str, **changes: Any) -> Contract:
    """Return a contract of a key `id` and a `value`, for tests of the machinery around tables."""
    columns = (
        Column("id", "string", "Key.", key_position=1, required=True),
        Column("value", "string", "Value."),
    )
    known: dict[str, Any] = {
        "version": "1.0.0",
        "description": "A table.",
        "grain": "One row per id.",
        "domain": "tests",
        "columns": columns,
        "rules": (),
        "reads": (),
        "scope": "id",
        "module": "tests.spark.kernel.small_tables",
    }
    return Contract(table, **(known | changes))
