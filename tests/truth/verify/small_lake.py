"""A whole lake by hand: two patients, a claim corrected, a row bad, one superseded; and ways to spoil it."""

import csv
import hashlib
import io
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import polars as pl
from deltalake import CommitProperties, write_deltalake

from carelake.contract import Contract
from carelake.states import Note
from carelake.tables import registry, scores

REGISTRY, SCORED = registry(), scores()
BATCH = "run1"
TYPES = {
    "string": pl.String(),
    "date": pl.Date(),
    "timestamp": pl.Datetime("us", "UTC"),
    "boolean": pl.Boolean(),
    "int": pl.Int32(),
    "bigint": pl.Int64(),
    "double": pl.Float64(),
    "array<string>": pl.List(pl.String()),
}
SOURCE = {"_source_file": pl.String(), "_source_row": pl.Int64(), "_batch_id": pl.String()}
AUDIT = {"_warnings": pl.List(pl.String())} | SOURCE
QUARANTINE = {"_scope": pl.String(), "_raw": pl.String(), "_reasons": pl.List(pl.String())} | SOURCE

Rows = list[dict[str, Any]]


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


PATIENT = {"last_name": "Diaz", "birth_date": "1970-01-01", "sex": "F", "updated_at": "2024-01-02 00:00:00"}
CLAIM = {
    "patient_id": "P1",
    "encounter_id": "E1",
    "payer_id": "PAY",
    "service_from": "2024-02-01",
    "submitted_at": "2024-02-10 09:00:00",
}
LANDED: dict[str, Rows] = {
    "patients": [
        {**PATIENT, "patient_id": "P1", "effective_date": "2024-01-01", "recorded_at": "2024-01-02 00:00:00"},
        {
            **PATIENT,
            "patient_id": "p1 ",
            "effective_date": "05/01/2024",
            "recorded_at": "2024-05-02T08:00:00Z",
            "last_name": "Gil",
        },
        {**PATIENT, "patient_id": "P2", "effective_date": "2024-01-01", "recorded_at": "2024-01-02 00:00:00"},
        # The same version of P1, written earlier.
        {
            **PATIENT,
            "patient_id": "P1",
            "effective_date": "2024-05-01",
            "recorded_at": "2024-05-02 08:00:00",
            "updated_at": "2024-01-01 00:00:00",
        },
    ],
    "encounters": [
        {
            "encounter_id": "E1",
            "patient_id": "P1",
            "facility_id": "F1",
            "encounter_type": "emergency",
            "admitted_at": "2024-02-01 10:00:00",
            "discharged_at": "2024-02-01 12:00:00",
            "payer_id": "PAY999",
            "updated_at": "2024-02-02 00:00:00",
        },
    ],
    "claims": [
        {**CLAIM, "claim_id": "C1", "billed_amount": "1000.00", "paid_amount": "60.50"},
        {**CLAIM, "claim_id": "C2", "billed_amount": "$1,000.25", "paid_amount": "-60.50"},
        {**CLAIM, "claim_id": "C3", "billed_amount": "n/a", "paid_amount": "7.00"},
    ],
    "claim_reviews": [
        {
            "review_id": "V1",
            "claim_id": "C1",
            "patient_id": "P1",
            "selected_by": "referral",
            "selected_on": "2024-03-01",
            "reviewed_on": "2024-04-01",
            "finding": "overpayment_error",
            "recovered_amount": "10.00",
            "updated_at": "2024-04-01 00:00:00",
        }
    ],
    "facilities": [
        {"facility_id": "F1", "name": "General", "state": "OH", "updated_at": "2024-01-01 00:00:00"}
    ],
}
TRUE_STAYS = (
    "encounter_id,stay_class,exclusion_reasons,is_planned,readmitted_30d,readmitted_60d,readmitted_90d,"
    "p_readmitted_30d,expected_los_days\n"
)
TRUE_CLAIMS = "claim_id,fraud_scheme\nC1,\nC2,\nC3,upcoding\n"
DEFECTS = """file,row,rule,severity
claims.csv,2,billed_amount_repaired,warning
claims.csv,3,billed_amount_unparseable,error
encounters.csv,1,payer_id_unresolved,warning
patients.csv,2,effective_date_repaired,warning
patients.csv,2,patient_id_repaired,warning
patients.csv,2,recorded_at_repaired,warning
patients.csv,4,superseded,duplicate
"""
HISTORY = """patient_id,valid_from,valid_to,last_name,birth_date,phone
P1,2024-01-01,2024-05-01,Diaz,1970-01-01,
P1,2024-05-01,,Gil,1970-01-01,
P2,2024-01-01,,Diaz,1970-01-01,
"""
WARNED = ["effective_date_repaired", "patient_id_repaired", "recorded_at_repaired"]
P1 = {"last_name": "Diaz", "birth_date": date(1970, 1, 1), "patient_id": "P1"}
C = {
    "patient_id": "P1",
    "encounter_id": "E1",
    "payer_id": "PAY",
    "service_from": date(2024, 2, 1),
    "submitted_at": at("2024-02-10 09:00"),
}
E1 = {
    "encounter_id": "E1",
    "patient_id": "P1",
    "facility_id": "F1",
    "encounter_type": "emergency",
    "admitted_at": at("2024-02-01 10:00"),
    "discharged_at": at("2024-02-01 12:00"),
    "payer_id": "PAY999",
}
V = {
    "review_id": "V1",
    "claim_id": "C1",
    "patient_id": "P1",
    "selected_by": "referral",
    "selected_on": date(2024, 3, 1),
    "reviewed_on": date(2024, 4, 1),
    "finding": "overpayment_error",
    "recovered_amount": Decimal("10.00"),
}
F1 = {"facility_id": "F1", "name": "General", "state": "OH"}
KEPT: dict[str, Rows] = {
    "patients": [
        {
            **P1,
            "effective_date": date(2024, 1, 1),
            "recorded_at": at("2024-01-02"),
            "_source_row": 1,
        },
        {
            **P1,
            "effective_date": date(2024, 5, 1),
            "recorded_at": at("2024-05-02 08:00"),
            "last_name": "Gil",
            "_source_row": 2,
            "_warnings": WARNED,
        },
        {
            **P1,
            "patient_id": "P2",
            "effective_date": date(2024, 1, 1),
            "recorded_at": at("2024-01-02"),
            "_source_row": 3,
        },
    ],
    "encounters": [{**E1, "_source_row": 1}],
    "claims": [
        {
            **C,
            "claim_id": "C1",
            "billed_amount": Decimal("1000.00"),
            "paid_amount": Decimal("60.50"),
            "_source_row": 1,
        },
        {
            **C,
            "claim_id": "C2",
            "billed_amount": Decimal("1000.25"),
            "paid_amount": Decimal("-60.50"),
            "_source_row": 2,
            "_warnings": ["billed_amount_repaired"],
        },
    ],
    "claim_reviews": [{**V, "_source_row": 1}],
    "facilities": [{**F1, "_source_row": 1}],
}
V1 = {
    **P1,
    "patient_sk": "s1",
    "valid_from": date(2024, 1, 1),
    "valid_to": date(2024, 5, 1),
    "is_current": False,
}
GOLD: dict[str, Rows] = {
    "dim_patient": [
        V1,
        {
            **V1,
            "patient_sk": "s2",
            "valid_from": date(2024, 5, 1),
            "valid_to": None,
            "is_current": True,
            "last_name": "Gil",
        },
        {**V1, "patient_id": "P2", "patient_sk": "s3", "valid_to": None, "is_current": True},
    ],
    "dim_facility": [{**F1, "facility_sk": "f1"}],
    "dim_payer": [{"payer_id": "PAY", "payer_sk": "y1"}, {"payer_id": "OTHER", "payer_sk": "y2"}],
    "dim_time": [{"date_key": key} for key in (20240201, 20240301, 20240401)],
    "fact_encounters": [
        {
            **E1,
            "patient_sk": "s1",
            "facility_sk": "f1",
            "payer_sk": "nowhere",
            "admit_date_key": 20240201,
            "discharge_date_key": 20240201,
        }
    ],
    "fact_claim_reviews": [
        {
            **V,
            "patient_sk": "s1",
            "service_from": date(2024, 2, 1),
            "selected_date_key": 20240301,
            "reviewed_date_key": 20240401,
        }
    ],
    "fact_claims": [
        {
            **C,
            "claim_id": "C1",
            "claim_group_id": "C1",
            "patient_sk": "s1",
            "payer_sk": "y1",
            "service_date_key": 20240201,
            "billed_amount": Decimal("1000.00"),
            "paid_amount": Decimal("60.50"),
            "net_billed_amount": Decimal("2000.25"),
            "net_paid_amount": Decimal("0.00"),
        },
        {
            **C,
            "claim_id": "C2",
            "claim_group_id": "C1",
            "patient_sk": "s1",
            "payer_sk": "y1",
            "service_date_key": 20240201,
            "billed_amount": Decimal("1000.25"),
            "paid_amount": Decimal("-60.50"),
        },
    ],
}


def build(data: Path) -> None:
    """Write landing zone, truth and lake below `data`; they agree in everything."""
    for contract in REGISTRY.layer("silver"):
        _deliver(data, contract)
    for contract in REGISTRY.layer("gold"):
        write(data, contract.table, GOLD.get(contract.name, []))
    quarantined = {
        "_scope": "P1",
        "_raw": json.dumps(LANDED["claims"][2]),
        "_reasons": ["billed_amount_unparseable"],
        "_source_row": 3,
    }
    write(data, "quarantine/claims", [quarantined])
    truth = data / "truth"
    truth.mkdir()
    (truth / "generator.json").write_text(json.dumps({"end": "2024-12-31", "deliveries": 0}))
    (truth / "defects.csv").write_text(DEFECTS)
    (truth / "patient_history.csv").write_text(HISTORY)
    (truth / "claims.csv").write_text(TRUE_CLAIMS)
    (truth / "stays.csv").write_text(TRUE_STAYS)


def write(data: Path, table: str, rows: Rows, note: Note | None = None) -> None:
    """Write a table of the lake anew; what a row leaves out is null or from the file of that name."""
    layer, _, name = table.partition("/")
    silver = REGISTRY.contracts.get(f"silver/{name}")
    schema = {
        "bronze": lambda: (
            dict.fromkeys(silver.names, pl.String()) | SOURCE | {"_ingested_at": TYPES["timestamp"]}
        ),
        "silver": lambda: _schema(silver) | AUDIT,
        "quarantine": lambda: QUARANTINE,
        "gold": lambda: _schema(REGISTRY.contracts[table]),
    }[layer]()
    given = {"_source_file": f"{name}.csv", "_batch_id": BATCH, "_warnings": []}
    given |= {"_ingested_at": at("2025-01-01"), "updated_at": at("2024-01-02")} if layer == "silver" else {}
    given |= {"_ingested_at": at("2025-01-01")} if layer == "bronze" else {}
    full = [{column: row.get(column, given.get(column)) for column in schema} for row in rows]
    unknown = {column for row in rows for column in row} - set(schema)
    assert not unknown, f"{table} has no column {unknown}"
    properties = CommitProperties(custom_metadata={"userMetadata": note.text()}) if note else None
    frame = pl.DataFrame(full, schema=schema).to_arrow()
    write_deltalake(
        str(data / "lake" / table),
        frame,
        mode="overwrite",
        schema_mode="overwrite",
        commit_properties=properties,
    )


def read(data: Path, table: str) -> Rows:
    """Return the rows of a table, to be written again with something off."""
    return pl.read_delta(str(data / "lake" / table)).to_dicts()


def deliver(data: Path, file: str, text: bytes, rows: int, **entry: Any) -> None:
    """Put a file into the landing zone and register it as consumed, over what was there before."""
    path = data / "landing_zone" / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text)
    name = path.stem
    files = {file: {"sha256": hashlib.sha256(text).hexdigest(), "rows": rows} | entry}
    write(data, f"bronze/{name}", read(data, f"bronze/{name}"), Note("run1", "c", files=files))


def _schema(contract: Contract) -> dict[str, pl.DataType]:
    return {column.name: _type(column.type) for column in contract.columns}


def _type(name: str) -> pl.DataType:
    if name.startswith("decimal"):
        precision, scale = name.removeprefix("decimal(").removesuffix(")").split(",")
        return pl.Decimal(int(precision), int(scale))
    return TYPES[name]


def _deliver(data: Path, contract: Contract) -> None:
    name = contract.name
    rows = LANDED.get(name)
    write(data, contract.table, KEPT.get(name, []))
    write(data, f"quarantine/{name}", [])
    if rows:
        numbered = [{**row, "_source_row": number} for number, row in enumerate(rows, 1)]
        write(data, f"bronze/{name}", numbered)
        deliver(data, f"{name}.csv", _csv(rows, contract.names), len(rows))


def _csv(rows: Rows, header: list[str]) -> bytes:
    text = io.StringIO()
    writer = csv.DictWriter(text, header, lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return text.getvalue().encode()
