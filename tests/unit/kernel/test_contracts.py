"""Contracts hold what is derived from them, and a faulty one names its file."""

from pathlib import Path

import pytest

from carelake.contract import Contract
from carelake.contracts import read_contract
from carelake.errors import ContractError
from carelake.quality.rules import rule_ids
from carelake.registry import transformation
from carelake.tables import everything
from tests.builders import small_contract

CONTRACTS = list(everything().contracts.values())
DOCUMENT = """
apiVersion: v3.1.0
kind: DataContract
id: urn:carelake:silver:things
name: things
version: 1.0.0
status: active
domain: operation
schema:
- name: things
  physicalName: silver/things
  description: Things.
  dataGranularityDescription: One row per thing.
  properties:
  - {name: part, logicalType: string, physicalType: string, description: Second., primaryKey: true,
     primaryKeyPosition: 2, required: true, classification: none}
  - {name: thing_id, logicalType: string, physicalType: string, description: First., primaryKey: true,
     primaryKeyPosition: 1, required: true, classification: none}
  quality:
  - {id: odd_part, description: Parts are odd., type: custom, engine: spark-sql,
     implementation: part <> '2', severity: error}
  customProperties:
  - {property: reads, value: [{table: bronze/things, as: scoped}, {table: silver/others, as: global}]}
  - {property: scope, value: thing_id}
"""


@pytest.fixture
def document(tmp_path):
    def of(text: str) -> Path:
        path = tmp_path / "things.yaml"
        path.write_text(text)
        return path

    return of


def test_a_contract_says_what_a_table_is(document):
    things = read_contract(document(DOCUMENT))
    assert (things.table, things.layer, things.name) == ("silver/things", "silver", "things")
    assert (things.names, things.keys, things.scope) == (
        ["part", "thing_id"],
        ["thing_id", "part"],
        "thing_id",
    )
    assert [(read.table, read.name, read.mode) for read in things.reads] == [
        ("bronze/things", "things", "scoped"),
        ("silver/others", "others", "global"),
    ]
    assert [(rule.id, rule.severity) for rule in things.rules] == [("odd_part", "error")]
    assert [read.columns for read in things.reads] == [(), ()]
    assert (things.quarantine_bound, things.awaits) == (0.1, None)
    assert things.ddl() == "`part` string, `thing_id` string"


def test_a_contract_says_what_awaits_a_horizon_and_which_columns_are_read(document):
    text = DOCUMENT.replace(
        "{table: silver/others, as: global}",
        "{table: silver/others, as: global, columns: [part, size]}, {table: silver/notes, as: horizon}",
    )
    things = read_contract(document(text + "  - {property: awaits, value: NOT is_complete}\n"))
    assert [(read.name, read.mode, read.columns) for read in things.reads] == [
        ("things", "scoped", ()),
        ("others", "global", ("part", "size")),
        ("notes", "horizon", ()),
    ]
    assert things.awaits == "NOT is_complete"


@pytest.mark.parametrize(
    "fault",
    [
        ("severity: error", "severity: fatal"),
        ("  - {property: scope, value: thing_id}", ""),
        ("table: bronze/things, as: scoped", "table: bronze/things"),
        ("kind: DataContract", "kind: [1]"),
    ],
    ids=["severity", "no scope", "input without a mode", "not the standard"],
)
def test_a_faulty_contract_names_its_file(document, fault):
    before, after = fault
    assert before in DOCUMENT
    path = document(DOCUMENT.replace(before, after))
    with pytest.raises(ContractError, match=str(path)):
        read_contract(path)


def test_a_contract_that_isn_t_there_is_named(tmp_path):
    with pytest.raises(ContractError, match=r"nothing\.yaml"):
        read_contract(tmp_path / "nothing.yaml")


def test_an_unknown_column_is_named():
    with pytest.raises(KeyError, match="silver/small has no column shoe_size"):
        small_contract("silver/small").column("shoe_size")


@pytest.mark.parametrize(
    "change", [{"scope": "all"}, {"rules": ("r",)}, {"reads": ("x",)}, {"columns": ()}, {"awaits": "true"}]
)
def test_what_decides_the_rows_decides_the_fingerprint(change):
    assert small_contract("silver/small", **change).fingerprint != small_contract("silver/small").fingerprint


@pytest.mark.parametrize(
    "change", [{"description": "Other."}, {"quarantine_bound": 0.5}, {"version": "2.0.0"}]
)
def test_what_leaves_the_rows_alone_leaves_the_fingerprint(change):
    assert small_contract("silver/small", **change).fingerprint == small_contract("silver/small").fingerprint


@pytest.mark.parametrize("contract", CONTRACTS, ids=lambda contract: contract.table)
class TestEveryContract:
    """What the kernel relies on, for each table there is."""

    def test_has_a_function_of_its_name(self, contract: Contract):
        assert callable(transformation(contract))

    def test_has_a_key_that_is_never_null(self, contract: Contract):
        assert contract.keys != []
        assert [key for key in contract.keys if not contract.column(key).required] == [], (
            "rows are told apart by the key: a null in it would match nothing, so the row could never change"
        )

    def test_has_a_scope_that_is_one_of_its_columns_or_says_why_not(self, contract: Contract):
        assert contract.scope in contract.names or (contract.scope == "all" and contract.scope_reason)

    def test_describes_every_column(self, contract: Contract):
        assert [c.name for c in contract.columns if not c.description or c.classification == "None"] == []

    def test_has_no_two_rules_of_one_id(self, contract: Contract):
        own = [rule.id for rule in contract.rules]
        assert len(own) == len(set(own))
        assert rule_ids(contract, "error") & rule_ids(contract, "warning") == set()

    def test_has_no_synonym_that_is_another_value(self, contract: Contract):
        for column in contract.columns:
            values = {value.lower(): value for value in column.values}
            clashes = {s for s, value in column.synonyms.items() if values.get(s, value) != value}
            assert clashes == set(), column.name
