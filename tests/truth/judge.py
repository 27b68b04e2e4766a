"""An independent judge of landing files: pure Python, line by line, by the rules that the contracts state.

It shares no code with the generator or the lake. The named rules are restated here by hand; types, enums,
synonyms and references come from the contracts.
"""

import csv
import re
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from decimal import Decimal, InvalidOperation
from functools import cache
from pathlib import Path

import yaml

from tests.truth import experience_rules, records
from tests.truth.comparing import at_most, day

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
WARDS = ("beds", "staffing")
ALL = [*ORDER, "facilities", "providers", "hai_data", "cms_measures", *WARDS]
MONEY = ("billed_amount", "allowed_amount", "paid_amount", "patient_amount")
BEDS = ("beds_medical", "beds_surgical", "beds_icu", "beds_maternity", "beds_psychiatric")
COUNTS = [
    *("patient_days", "central_line_days", "urinary_catheter_days", "surgical_procedures"),
    *("clabsi_events", "cauti_events", "mrsa_events", "cdi_events", "ssi_events"),
]


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


def not_negative(*numbers: object) -> bool:
    known = [number for number in numbers if number is not None]
    return not known or min(known) >= 0


def named_rules(table: str, v: dict) -> dict[str, bool]:
    """Return rule id to whether the row passes, an empty value passing."""
    if table == "patients":
        return {
            "birth_in_future": at_most(v["birth_date"], day(v["recorded_at"])),
            "death_before_birth": at_most(v["birth_date"], v["death_date"]),
            "age_implausible": at_most(date(1900, 1, 1), v["birth_date"]),
            "zip_malformed": v["zip"] is None or bool(re.fullmatch(r"[0-9]{5}", v["zip"])),
        }
    if table == "encounters":
        limit = v["admitted_at"] and v["admitted_at"] + timedelta(days=365)
        return {
            "discharge_before_admission": at_most(v["admitted_at"], v["discharged_at"]),
            "admission_in_future": at_most(v["admitted_at"], v["updated_at"]),
            "stay_implausible": at_most(v["discharged_at"], limit),
            **experience_rules.emergency(v),
        }
    if table == "diagnoses":
        shape = r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}"
        code = v["diagnosis_code"]
        return {
            "sequence_not_positive": at_most(1, v["sequence"]),
            "diagnosis_code_malformed": code is None or bool(re.fullmatch(shape, code)),
        }
    if table == "procedures":
        return {
            "sequence_not_positive": at_most(1, v["sequence"]),
            "quantity_not_positive": at_most(1, v["quantity"]),
            "performed_in_future": at_most(v["performed_at"], v["updated_at"]),
            "quantity_implausible": at_most(v["quantity"], 1000),
        }
    of_one = {
        "claims": claim_rules,
        "claim_reviews": review_rules,
        "medications": medication_rules,
        **experience_rules.OF,
    }
    if table in of_one:
        return of_one[table](v)
    return ward_rules(table, v) if table in WARDS else other_rules(table, v)


def claim_rules(v: dict) -> dict[str, bool]:
    version, reversal = v["claim_version"], v["claim_version"] == "reversal"
    rules = {f"{name}_negative": reversal or at_most(0, v[name]) for name in MONEY}
    corrects = version is not None and version != "original"
    return rules | {
        "service_dates_reversed": at_most(v["service_from"], v["service_to"]),
        "submitted_before_service": at_most(v["service_from"], day(v["submitted_at"])),
        "adjudicated_before_submitted": at_most(v["submitted_at"], v["adjudicated_at"]),
        "original_claim_missing": not corrects or v["original_claim_id"] is not None,
        "allowed_above_billed": reversal or at_most(v["allowed_amount"], v["billed_amount"]),
        "modifier_malformed": v["modifier"] is None or bool(re.fullmatch(r"[A-Z0-9]{2}", v["modifier"])),
        "referred_to_self": None in (v["referring_provider_id"], v["provider_id"])
        or v["referring_provider_id"] != v["provider_id"],
        "denial_code_missing": v["claim_status"] != "denied" or v["denial_code"] is not None,
    }


def review_rules(v: dict) -> dict[str, bool]:
    is_fraud = v["finding"] in ("suspected_fraud", "confirmed_fraud")
    return {
        "reviewed_before_selected": at_most(v["selected_on"], v["reviewed_on"]),
        "selected_in_future": at_most(v["selected_on"], day(v["updated_at"])),
        "recovered_amount_negative": at_most(0, v["recovered_amount"]),
        "finding_without_review": v["finding"] is None or v["reviewed_on"] is not None,
        "finding_missing": v["reviewed_on"] is None or v["finding"] is not None,
        "scheme_without_fraud": None in (v["scheme_found"], v["finding"]) or is_fraud,
    }


def other_rules(table: str, v: dict) -> dict[str, bool]:
    if table == "enrollment":
        return {"coverage_dates_reversed": at_most(v["coverage_start"], v["coverage_end"])}
    if table == "registry":
        return {
            "registered_in_future": at_most(v["registered_on"], day(v["updated_at"])),
            "severity_implausible": v["severity"] is None or 1 <= v["severity"] <= 4,
        }
    if table == "facilities":
        beds = [v[name] for name in BEDS]
        return {
            "beds_negative": not_negative(v["beds_total"], *beds),
            "beds_total_mismatch": None in (*beds, v["beds_total"]) or v["beds_total"] == sum(beds),
            "peer_group_implausible": v["peer_group"] is None or 1 <= v["peer_group"] <= 5,
        }
    if table == "providers":
        return {
            "active_dates_reversed": at_most(v["active_from"], v["active_to"]),
            "npi_malformed": v["npi"] is None or bool(re.fullmatch(r"[0-9]{10}", v["npi"])),
        }
    if table == "hai_data":
        devices = [n for n in (v["central_line_days"], v["urinary_catheter_days"]) if n is not None]
        return {
            "counts_negative": not_negative(*(v[name] for name in COUNTS)),
            "device_days_above_patient_days": not devices or at_most(max(devices), v["patient_days"]),
            "month_not_first": v["month"] is None or v["month"].day == 1,
        }
    numerator, denominator, score = v["numerator"], v["denominator"], v["score"]
    known = None not in (numerator, denominator, score) and denominator != 0
    return {
        "period_reversed": at_most(v["period_start"], v["period_end"]),
        "counts_negative": not_negative(numerator, denominator),
        "numerator_above_denominator": at_most(numerator, denominator),
        "score_mismatch": not known or abs(score - Decimal(100 * numerator) / denominator) <= Decimal("0.05"),
    }


def medication_rules(v: dict) -> dict[str, bool]:
    total, payer, patient = v["total_cost"], v["payer_paid_amount"], v["patient_paid_amount"]
    known = None not in (total, payer, patient)
    costs = ("base_cost", "total_cost", "payer_paid_amount", "patient_paid_amount")
    return {f"{name}_negative": at_most(0, v[name]) for name in costs} | {
        "ended_before_start": at_most(v["started_on"], v["ended_on"]),
        "started_before_ordered": at_most(day(v["ordered_at"]), v["started_on"]),
        "started_in_future": at_most(v["started_on"], day(v["updated_at"])),
        "days_supply_not_positive": at_most(1, v["days_supply"]),
        "days_supply_implausible": at_most(v["days_supply"], 183),
        "quantity_not_positive": at_most(1, v["quantity"]),
        "quantity_implausible": at_most(v["quantity"], 1000),
        "amounts_mismatch": not known or min(total, payer, patient) < 0 or total == payer + patient,
        "administered_without_encounter": v["source"] != "administered" or v["encounter_id"] is not None,
    }


def ward_rules(table: str, v: dict) -> dict[str, bool]:
    if table == "beds":
        return {
            "beds_negative": not_negative(v["licensed_beds"], v["staffed_beds"], v["occupied_beds"]),
            "staffed_above_licensed": at_most(v["staffed_beds"], v["licensed_beds"]),
        }
    hours, parts = v["hours_worked"], (v["overtime_hours"], v["agency_hours"])
    return {
        "hours_negative": not_negative(hours, *parts),
        "parts_above_hours": None in (hours, *parts) or sum(parts) <= hours + Decimal("0.005"),
        "counts_negative": not_negative(v["head_count"], v["leavers"]),
        "leavers_above_head_count": at_most(v["leavers"], v["head_count"]),
        "payroll_negative": not_negative(v["payroll_amount"]),
        "hours_without_staff": not hours or v["head_count"] is None or v["head_count"] > 0,
    }


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
    rules = records.rules if row.table in records.TABLES else named_rules
    for rule, passed in rules(row.table, row.values).items():
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
        if table in records.TABLES:
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
            found = records.beside(row.table, row.values, encounters.get(row.values["encounter_id"]))
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
