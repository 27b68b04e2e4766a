"""The generator's files hold to the contracts, though it may not read them."""

from pathlib import Path

import pytest
import yaml

from datagenerator.extract.defects import BLEMISHES, ERRORS
from datagenerator.extract.layout import LAYOUTS

CONTRACTS = Path(__file__).resolve().parents[4] / "jobs" / "silver"
TYPES = {"decimal(12,2)": "money"}
WHOLE_ROW = {"column_count", "nul_byte", "orphan"}


def schema(name):
    return yaml.safe_load((CONTRACTS / f"{name}.yaml").read_text(encoding="utf-8"))["schema"][0]


def test_every_landing_contract_has_a_file():
    known = {path.stem for path in CONTRACTS.glob("*.yaml")} - {"deliveries"}
    assert set(LAYOUTS) == known


@pytest.mark.parametrize("name", LAYOUTS)
def test_columns_types_and_key_are_the_contract_s(name):
    columns = schema(name)["properties"]
    types = {column["name"]: TYPES.get(column["physicalType"], column["physicalType"]) for column in columns}
    assert list(LAYOUTS[name].columns.items()) == list(types.items())
    assert LAYOUTS[name].key == tuple(c["name"] for c in columns if c.get("primaryKey"))


def rule_ids(name):
    """Return what the contract can report of a row, by severity."""
    table = schema(name)
    errors, warnings = set(WHOLE_ROW), set()
    for column in table["properties"]:
        errors.add(f"{column['name']}_unparseable")
        warnings |= {f"{column['name']}_{what}" for what in ("repaired", "unknown", "unresolved")}
        if column.get("required"):
            errors.add(f"{column['name']}_missing")
    for rule in table.get("quality", []):
        (errors if rule["severity"] == "error" else warnings).add(rule["id"])
    return errors, warnings


@pytest.mark.parametrize("name", LAYOUTS)
def test_planted_rules_are_rules_of_the_contract(name):
    errors, warnings = rule_ids(name)
    assert {recipe.rules for recipe in ERRORS[name]} <= errors
    assert {rule for recipe in BLEMISHES[name] for rule in recipe.rules.split(";")} <= warnings


@pytest.mark.parametrize("name", LAYOUTS)
def test_every_error_rule_of_a_contract_is_planted(name):
    named = {rule["id"] for rule in schema(name).get("quality", []) if rule["severity"] == "error"}
    assert named <= {recipe.rules for recipe in ERRORS[name]}
