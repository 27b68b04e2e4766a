"""An independent judge of landing files: pure Python, line by line, by the rules that the contracts state.

It shares no code with the generator or the lake. The named rules are restated here by hand; types, enums,
synonyms and references come from the contracts.
"""

import csv
import re
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import yaml

from tests.truth import record_rules
from tests.truth.named_rules import RULES

PROJECT = Path(__file__).resolve().parents[2]
CONTRACTS = PROJECT / "jobs" / "silver"
REFERENCE = PROJECT / "conf" / "reference"
DATE_FORMATS = (
    (r"\d{4}-\d{2}-\d{2}", "%Y-%m-%d"),
    (r"\d{2}/\d{2}/\d{4}", "%m/%d/%Y"),
    (r"\d{8}", "%Y%m%d"),
    (r"\d{2}-[A-Za-z]{3}-\d{4}", "%d-%b-%Y"),
)
TIME_FORMATS = (
    (r"\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}", "%Y-%m-%d %H:%M:%S"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}", "%Y-%m-%dT%H:%M:%S"),
    (r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", "%Y-%m-%dT%H:%M:%SZ"),
    (r"\d{2}/\d{2}/\d{4} \d{2}:\d{2}", "%m/%d/%Y %H:%M"),
    *DATE_FORMATS,
)
ORDER = [
    *("patients", "encounters", "diagnoses", "procedures", "claims", "claim_reviews", "enrollment"),
    *("registry", "observations", "medications", "treatments", "surveys", "adverse_events"),
]
ALL = [*ORDER, "facilities", "providers", "hai_data", "cms_measures", "beds", "staffing"]


@dataclass
class Row:
    """A data row with what the judge finds: typed values, broken rules, and in the end its fate."""

    table: str
    file: str
    number: int
    raw: str
    values: dict[str, object] = field(default_factory=dict)
    errors: set[str] = field(default_factory=set)
    warnings: set[str] = field(default_factory=set)
    has_key: bool = False
    fate: str = ""


@cache
def contract(table: str) -> dict:
    return yaml.safe_load((CONTRACTS / f"{table}.yaml").read_text())["schema"][0]


def custom(item: dict) -> dict:
    return {entry["property"]: entry["value"] for entry in item.get("customProperties", [])}


def parsed(text: str, formats: tuple[tuple[str, str], ...]) -> datetime:
    for pattern, form in formats:
        if re.fullmatch(pattern, text):
            return datetime.strptime(text, form)
    raise ValueError(text)


def value_of(text: str, kind: str) -> tuple[object, bool]:
    """Return the typed value and whether the text had to be repaired for it."""
    if kind == "date":
        return parsed(text, DATE_FORMATS).date(), not re.fullmatch(DATE_FORMATS[0][0], text)
    if kind == "timestamp":
        return parsed(text, TIME_FORMATS), not re.fullmatch(TIME_FORMATS[0][0], text)
    if kind == "boolean":
        if text.lower() not in ("true", "false"):
            raise ValueError(text)
        return text.lower() == "true", text not in ("true", "false")
    if kind == "string":
        return text, False
    plain = text.replace("$", "").replace(",", "")
    number = int(plain) if kind in ("int", "bigint") else Decimal(plain)
    return number, plain != text


def conformed(column: dict, text: str) -> tuple[object, set[str], set[str]]:
    """Return value, error and warning rules of one cell."""
    name, kind = column["name"], column["physicalType"]
    trimmed = text.strip()
    if trimmed == "":
        return None, {f"{name}_missing"} if column.get("required") else set(), set()
    try:
        value, repaired = value_of(trimmed, kind)
    except (ValueError, InvalidOperation):
        return None, {f"{name}_unparseable"}, set()
    if kind == "string":
        value, known = conformed_code(column, trimmed)
        warnings = set() if known else {f"{name}_unknown"}
        return value, set(), warnings | ({f"{name}_repaired"} if value != text else set())
    return value, set(), {f"{name}_repaired"} if repaired or trimmed != text else set()


def conformed_code(column: dict, text: str) -> tuple[str, bool]:
    case = custom(column).get("case")
    value = {"upper": text.upper(), "lower": text.lower(), "code": text.upper().replace(".", "")}.get(
        case, text
    )
    if "enum" not in column:
        return value, True
    synonyms = {e["value"].lower(): e["value"] for e in column["enum"]}
    synonyms |= {s.lower(): e["value"] for e in column["enum"] for s in custom(e).get("synonyms", [])}
    value = synonyms.get(value.lower(), value)
    return value, value in {entry["value"] for entry in column["enum"]}


def malformation(line: str, columns: int, is_last: bool, ended: bool) -> str:
    if "\0" in line:
        return "nul_byte"
    if line.count('"') % 2:
        return "unclosed_quote" if ended else "cut_off_line"
    if len(next(csv.reader([line]), [])) != columns:
        return "cut_off_line" if is_last and not ended else "column_count"
    return ""


def read(landing: Path, table: str) -> list[Row]:
    """Return the rows of a table from all deliveries, each judged on its own."""
    columns, levels = contract(table)["properties"], severities(table)
    rows = []
    for path in sorted(landing.glob(f"**/{table}.csv")):
        text = path.read_bytes().decode("utf-8")
        lines = text.split("\n")
        ended = lines[-1] == ""
        lines = lines[:-1] if ended else lines
        assert lines[0] == ",".join(column["name"] for column in columns)
        for number, line in enumerate(lines[1:], start=1):
            row = Row(table, str(path.relative_to(landing)), number, line)
            kind = malformation(line, len(columns), number == len(lines) - 1, ended)
            if kind:
                row.errors.add(kind)
            else:
                examine(row, columns, levels)
            rows.append(row)
    return rows


def severities(table: str) -> dict[str, str]:
    return {rule["id"]: rule["severity"] for rule in contract(table).get("quality", [])}


def examine(row: Row, columns: list[dict], levels: dict[str, str]) -> None:
    cells = next(csv.reader([row.raw]))
    for column, cell in zip(columns, cells, strict=True):
        value, errors, warnings = conformed(column, cell)
        row.values[column["name"]] = value
        row.errors |= errors
        row.warnings |= warnings
    for rule, passed in RULES[row.table](row.values).items():
        if not passed:
            (row.errors if levels[rule] == "error" else row.warnings).add(rule)
    row.has_key = None not in key_of(row, columns)


def key_of(row: Row, columns: list[dict]) -> tuple:
    return tuple(row.values[column["name"]] for column in columns if column.get("primaryKey"))


def settle(rows: list[Row]) -> None:
    """Set the fate of the rows of a table, orphans already marked."""
    columns = contract(rows[0].table)["properties"] if rows else []
    by_key: dict[tuple, list[Row]] = {}
    for row in rows:
        row.fate = "quarantined"
        if row.has_key:
            by_key.setdefault(key_of(row, columns), []).append(row)
    for versions in by_key.values():
        sound = [row for row in versions if not row.errors]
        if sound:
            winner = min(sound, key=lambda row: (-row.values["updated_at"].timestamp(), row.file, row.number))
            for row in versions:
                written = row.values["updated_at"]
                if written is None or written <= winner.values["updated_at"]:
                    row.fate = "superseded"
            winner.fate = "kept"


def kept(rows: list[Row], *columns: str) -> set[tuple]:
    return {tuple(row.values[name] for name in columns) for row in rows if row.fate == "kept"}


def judge(landing: Path) -> dict[str, list[Row]]:
    """Return all rows of a landing zone with errors, warnings and fate."""
    tables = {table: read(landing, table) for table in ALL}
    for table in ALL:
        rows = tables[table]
        if table in ORDER[1:]:
            mark_orphans(tables, table)
        settle(rows)
        if table in record_rules.BESIDE:
            look_beside(tables, rows)
        if table == "claims":
            mark_unfounded(rows)
            settle(rows)
    return tables


def mark_orphans(tables: dict[str, list[Row]], table: str) -> None:
    patients = kept(tables["patients"], "patient_id")
    encounters = kept(tables["encounters"], "patient_id", "encounter_id") if table != "encounters" else set()
    claims = kept(tables["claims"], "patient_id", "claim_id") if table == "claim_reviews" else set()
    for row in tables[table]:
        patient, encounter = row.values.get("patient_id"), row.values.get("encounter_id")
        if patient is not None and (patient,) not in patients:
            row.errors.add("orphan")
        if (
            table != "encounters"
            and None not in (patient, encounter)
            and (patient, encounter) not in encounters
        ):
            row.errors.add("orphan")
        claim = row.values.get("claim_id")
        if table == "claim_reviews" and None not in (patient, claim) and (patient, claim) not in claims:
            row.errors.add("orphan")


def look_beside(tables: dict[str, list[Row]], rows: list[Row]) -> None:
    """Add the warnings that a kept row's own encounter or code gives it."""
    encounters = {
        row.values["encounter_id"]: row.values for row in tables["encounters"] if row.fate == "kept"
    }
    for row in rows:
        if row.fate == "kept":
            encounter = encounters.get(row.values["encounter_id"])
            found = record_rules.BESIDE[row.table](row.values, encounter)
            row.warnings |= {rule for rule, passed in found.items() if not passed}


def mark_unfounded(claims: list[Row]) -> None:
    """Mark corrections whose original claim is not kept."""
    originals = {
        (row.values["patient_id"], row.values["claim_id"])
        for row in claims
        if row.fate == "kept" and row.values["claim_version"] == "original"
    }
    for row in claims:
        patient, original = row.values.get("patient_id"), row.values.get("original_claim_id")
        if None not in (patient, original) and (patient, original) not in originals:
            row.errors.add("orphan")


def histories(patients: list[Row]) -> list[dict[str, str]]:
    """Return the versions that the kept patient rows imply, as text."""
    skipped = ("patient_id", "effective_date", "recorded_at", "updated_at")
    tracked = [c["name"] for c in contract("patients")["properties"] if c["name"] not in skipped]
    rows = [row.values for row in patients if row.fate == "kept"]
    rows.sort(key=lambda v: (v["patient_id"], v["effective_date"], v["recorded_at"]))
    held = {(v["patient_id"], v["effective_date"]): v for v in rows}
    versions: list[dict[str, str]] = []
    for (patient, effective), v in held.items():
        image = {name: "" if v[name] is None else str(v[name]) for name in tracked}
        before = versions[-1] if versions and versions[-1]["patient_id"] == patient else None
        if before is not None and all(before[name] == image[name] for name in tracked):
            continue
        if before is not None:
            before["valid_to"] = str(effective)
        versions.append({"patient_id": patient, "valid_from": str(effective), "valid_to": "", **image})
    return versions
