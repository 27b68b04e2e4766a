"""Reading contracts from their files: Open Data Contract Standard v3 documents."""

from functools import cache
from pathlib import Path
from typing import Any, cast

import yaml
from open_data_contract_standard.model import (
    CustomProperty,
    DataQuality,
    OpenDataContractStandard,
    SchemaObject,
    SchemaProperty,
)
from pydantic import ValidationError

from carelake.contract import Column, Contract, Input, Reference, Rule, Severity
from carelake.errors import ContractError


def neighbour(python_file: str) -> Contract:
    """Return the contract beside a transformation's Python file (pass `__file__`)."""
    return read_contract(Path(python_file).with_suffix(".yaml"))


@cache
def read_contract(path: Path) -> Contract:
    """Read one contract file; ContractError names the file and what is wrong with it."""
    try:
        text = yaml.safe_load(path.read_text(encoding="utf-8"))
        document = OpenDataContractStandard.model_validate(text)
        return _contract(document, path)
    except (OSError, ValidationError, KeyError, TypeError, IndexError) as problem:
        raise ContractError(f"{path}: not a usable contract: {problem}") from problem


def _contract(document: OpenDataContractStandard, path: Path) -> Contract:
    table = cast("list[SchemaObject]", document.schema_)[0]
    extra = _properties(table.customProperties)
    return Contract(
        table=str(table.physicalName),
        version=str(document.version),
        description=str(table.description),
        grain=str(table.dataGranularityDescription),
        domain=str(document.domain),
        columns=tuple(_column(column) for column in table.properties or []),
        rules=tuple(_rule(rule) for rule in table.quality or []),
        reads=tuple(
            Input(read["table"], read["as"], tuple(read.get("columns", ()))) for read in extra["reads"]
        ),
        scope=extra["scope"],
        module=_module(path),
        scope_reason=extra.get("scope_reason"),
        awaits=extra.get("awaits"),
        quarantine_bound=float(extra.get("quarantine_bound", 0.10)),
    )


def _column(prop: SchemaProperty) -> Column:
    extra = _properties(prop.customProperties)
    values = {str(entry.value): str(entry.description or entry.value) for entry in prop.enum or []}
    return Column(
        name=str(prop.name),
        type=str(prop.physicalType),
        description=str(prop.description),
        key_position=(prop.primaryKeyPosition or 1) if prop.primaryKey else 0,
        required=bool(prop.required),
        classification=str(prop.classification),
        unit=extra.get("unit"),
        case=extra.get("case"),
        values=values,
        synonyms=_synonyms(prop),
        reference=_reference(prop),
    )


def _synonyms(prop: SchemaProperty) -> dict[str, str]:
    return {
        str(synonym).lower(): str(entry.value)
        for entry in prop.enum or []
        for synonym in _properties(entry.customProperties).get("synonyms", [])
    }


def _reference(prop: SchemaProperty) -> Reference | None:
    if not prop.relationships:
        return None
    relationship = prop.relationships[0]
    table, column = str(relationship.to).split(".")
    within = _properties(relationship.customProperties).get("within")
    return Reference(table, column, within_patient=within == "patient")


def _rule(quality: DataQuality) -> Rule:
    if quality.severity not in ("error", "warning"):
        raise KeyError(f"rule {quality.id}: severity is error or warning, not {quality.severity}")
    return Rule(
        str(quality.id),
        str(quality.implementation),
        str(quality.description),
        cast("Severity", quality.severity),
    )


def _properties(properties: list[CustomProperty] | None) -> dict[str, Any]:
    return {str(entry.property): entry.value for entry in properties or []}


def _module(path: Path) -> str:
    parts: list[str] = [path.stem]
    folder = path.resolve().parent
    while (folder / "__init__.py").exists():
        parts.insert(0, folder.name)
        folder = folder.parent
    return ".".join(parts)
