"""Generated wards agree with generated patients, whatever was planted among them or came late."""

import csv
import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from carelake.verify import operations
from carelake.verify.tables import LakeTables
from datagenerator.arguments import Arguments
from datagenerator.extract.install import generate_into
from tests.truth import judge
from tests.truth.verify.small_lake import REGISTRY, Rows, read, write

ENCOUNTERS = REGISTRY.contracts["silver/encounters"]
ARGUMENTS = Arguments(
    patients=200,
    encounters=1_600,
    claims=400,
    facilities=12,
    providers=30,
    defect_rate=0.05,
    seed=11,
    start=date(2024, 3, 1),
    end=date(2024, 12, 10),
)


def in_zone(value: object) -> object:
    return value.replace(tzinfo=UTC) if isinstance(value, datetime) else value


def kept(rows: list[judge.Row], name: str) -> Rows:
    """Return the rows of a table that silver would hold."""
    doubles = {
        column.name for column in REGISTRY.contracts[f"silver/{name}"].columns if column.type == "double"
    }
    return [
        {
            column: float(value) if column in doubles and value is not None else in_zone(value)
            for column, value in row.values.items()
        }
        for row in rows
        if row.fate == "kept"
    ]


def quarantined(rows: list[judge.Row]) -> Rows:
    texts = [next(csv.reader([row.raw]), []) for row in rows if row.fate == "quarantined"]
    reasons = [sorted(row.errors) for row in rows if row.fate == "quarantined"]
    raw = [json.dumps(dict(zip(ENCOUNTERS.names, cells, strict=False))) for cells in texts]
    return [{"_raw": text, "_reasons": found} for text, found in zip(raw, reasons, strict=True)]


@pytest.fixture(scope="module", params=[0, 2])
def data(request, tmp_path_factory) -> Path:
    """The tables that the checks read, made by the judge from a generation with some deliveries."""
    root = tmp_path_factory.mktemp("wards")
    landing = root / "landing_zone"
    generate_into(replace(ARGUMENTS, output=landing, workers=1), request.param, 0)
    judged = judge.judge(landing)
    for name in ("encounters", "hai_data", "beds", "staffing"):
        write(root, f"silver/{name}", kept(judged[name], name))
    write(root, "quarantine/encounters", quarantined(judged["encounters"]))
    notes = [json.loads(note.read_text()) for note in landing.rglob("_delivery.json")]
    ends = {note["delivery"]: datetime.fromisoformat(note["data_through"]) for note in notes}
    write(
        root, "silver/deliveries", [{"delivery": n, "data_through": in_zone(end)} for n, end in ends.items()]
    )
    return root


def test_census_reports_staff_and_pay_agree(data):
    found = list(operations.reconciled(LakeTables(data / "lake"), ENCOUNTERS))
    assert [(check.name, check.detail) for check in found if check.status != "ok"] == []
    assert min(check.expected for check in found) > 500


def test_a_lost_encounter_is_noticed(data):
    rows = read(data, "silver/encounters")
    inpatient = [row for row in rows if row["encounter_type"] == "inpatient" and row["bill_frequency"] == "1"]
    early = min(inpatient, key=lambda row: row["admitted_at"])
    write(data, "silver/encounters", [row for row in rows if row["encounter_id"] != early["encounter_id"]])
    census = next(operations.reconciled(LakeTables(data / "lake"), ENCOUNTERS))
    write(data, "silver/encounters", rows)
    assert (census.status, census.false_alarms) == ("failed", 0)
    assert census.missing > 0
