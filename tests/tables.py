"""Small literal tables, shaped by their contracts."""

from collections.abc import Iterable
from functools import cache
from importlib import import_module
from typing import Any

from pyspark.sql import DataFrame, SparkSession

from carelake.contract import Contract
from carelake.tables import everything, registry

REFERENCE_COLUMNS = {
    "calendar": "date date",
    "ccir": "diagnosis_code string, is_chronic boolean",
    "ccsr": "diagnosis_code string, ccsr_category string",
    "ccsr_categories": "ccsr_category string, ccsr_description string, ccsr_body_system string",
    "charlson": "code_prefix string, charlson_group string",
    "charlson_weights": "charlson_group string, weight string, outweighed_by string, source string",
    "denial_codes": "denial_code string, description string, category string",
    "drug_codes": (
        "drug_code string, code_system string, name string, ingredient string, drug_class string, "
        "dose_form string, strength string, is_generic string, quantity_unit string, hcpcs_code string, "
        "source string"
    ),
    "elixhauser": "code_prefix string, elixhauser_group string, counted_as string, source string",
    "icd10cm": (
        "diagnosis_code string, description string, is_billable boolean, release string, "
        "category_code string, category_description string, chapter int, chapter_description string"
    ),
    "observation_codes": (
        "observation_code string, code_system string, short_name string, name string, category string, "
        "unit string, decimals string, usual_low_female string, usual_high_female string, "
        "usual_low_male string, usual_high_male string, plausible_low string, plausible_high string"
    ),
    "payers": "payer_id string, name string, payer_class string, source string",
    "procedure_codes": "procedure_code string, code_system string, description string, category string",
    "readmission_codes": (
        "diagnosis_code string, is_always_planned boolean, is_acute boolean, readmission_exclusion string, "
        "readmission_cohort string"
    ),
    "readmission_procedures": (
        "code_prefix string, planned_kind string, is_surgery string, ccs_category string, source string"
    ),
    "treatment_protocols": (
        "protocol_code string, name string, condition string, kind string, planned_days string"
    ),
}


@cache
def contracts(layer: str) -> dict[str, Contract]:
    """Return the contracts of what a run makes of a layer by table, such as `gold/dim_patient`."""
    return {contract.table: contract for contract in registry().layer(layer)}


def contract(table: str) -> Contract:
    """Return one table's contract."""
    return everything().contracts[table]


def table(spark: SparkSession, name: str, rows: Iterable[dict[str, Any]] = ()) -> DataFrame:
    """Return a table of the lake with its contract's columns; what a row leaves out is null."""
    layer, _, short = name.partition("/")
    schema: Any = REFERENCE_COLUMNS[short] if layer == "reference" else contract(name).struct()
    columns = (
        [column.split()[0] for column in schema.split(", ")] if isinstance(schema, str) else schema.names
    )
    unknown = {column for row in rows for column in row} - set(columns)
    assert not unknown, f"{name} has no column {unknown}"
    return spark.createDataFrame([tuple(row.get(column) for column in columns) for row in rows], schema)


def made(contract: Contract, **inputs: DataFrame) -> DataFrame:
    """Return what the transformation beside a contract makes of its inputs."""
    result: DataFrame = getattr(import_module(contract.module), contract.name)(**inputs)
    return result


def rows(result: DataFrame, *columns: str) -> list[tuple[Any, ...]]:
    """Return the chosen columns of all rows, sorted, nulls first."""
    found = [tuple(row) for row in result.select(*columns).collect()]
    return sorted(found, key=lambda row: [(value is not None, str(value)) for value in row])
