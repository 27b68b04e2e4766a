"""The shape of bronze tables: the silver contract's columns as text, and where each row came from."""

from carelake.contract import Contract

BRONZE_AUDIT = {
    "_source_file": "string",
    "_source_row": "bigint",
    "_ingested_at": "timestamp",
    "_batch_id": "string",
    "_rescued": "string",
}


def bronze_columns(contract: Contract) -> dict[str, str]:
    """Return names and types of the bronze table that feeds a silver table."""
    return dict.fromkeys(contract.names, "string") | BRONZE_AUDIT


def ddl(columns: dict[str, str]) -> str:
    """Return columns as a DDL schema."""
    return ", ".join(f"`{name}` {kind}" for name, kind in columns.items())
