"""The judge's named rules, a function a table: rule id to whether a row passes, an empty value passing."""

import re
from datetime import date, timedelta
from decimal import Decimal

from tests.truth import experience_rules, record_rules
from tests.truth.comparing import at_most, day

Rules = dict[str, bool]
MONEY = ("billed_amount", "allowed_amount", "paid_amount", "patient_amount")
BEDS = ("beds_medical", "beds_surgical", "beds_icu", "beds_maternity", "beds_psychiatric")
COUNTS = [
    *("patient_days", "central_line_days", "urinary_catheter_days", "surgical_procedures"),
    *("clabsi_events", "cauti_events", "mrsa_events", "cdi_events", "ssi_events"),
]


def not_negative(*numbers: object) -> bool:
    known = [number for number in numbers if number is not None]
    return not known or min(known) >= 0


def patients(v: dict) -> Rules:
    return {
        "birth_in_future": at_most(v["birth_date"], day(v["recorded_at"])),
        "death_before_birth": at_most(v["birth_date"], v["death_date"]),
        "age_implausible": at_most(date(1900, 1, 1), v["birth_date"]),
        "zip_malformed": v["zip"] is None or bool(re.fullmatch(r"[0-9]{5}", v["zip"])),
    }


def encounters(v: dict) -> Rules:
    limit = v["admitted_at"] and v["admitted_at"] + timedelta(days=365)
    return experience_rules.emergency(v) | {
        "discharge_before_admission": at_most(v["admitted_at"], v["discharged_at"]),
        "admission_in_future": at_most(v["admitted_at"], v["updated_at"]),
        "stay_implausible": at_most(v["discharged_at"], limit),
    }


def diagnoses(v: dict) -> Rules:
    shape = r"[A-Z][0-9][0-9A-Z][0-9A-Z]{0,4}"
    code = v["diagnosis_code"]
    return {
        "sequence_not_positive": at_most(1, v["sequence"]),
        "diagnosis_code_malformed": code is None or bool(re.fullmatch(shape, code)),
    }


def procedures(v: dict) -> Rules:
    return {
        "sequence_not_positive": at_most(1, v["sequence"]),
        "quantity_not_positive": at_most(1, v["quantity"]),
        "performed_in_future": at_most(v["performed_at"], v["updated_at"]),
        "quantity_implausible": at_most(v["quantity"], 1000),
    }


def claims(v: dict) -> Rules:
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


def claim_reviews(v: dict) -> Rules:
    is_fraud = v["finding"] in ("suspected_fraud", "confirmed_fraud")
    return {
        "reviewed_before_selected": at_most(v["selected_on"], v["reviewed_on"]),
        "selected_in_future": at_most(v["selected_on"], day(v["updated_at"])),
        "recovered_amount_negative": at_most(0, v["recovered_amount"]),
        "finding_without_review": v["finding"] is None or v["reviewed_on"] is not None,
        "finding_missing": v["reviewed_on"] is None or v["finding"] is not None,
        "scheme_without_fraud": None in (v["scheme_found"], v["finding"]) or is_fraud,
    }


def medications(v: dict) -> Rules:
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


def enrollment(v: dict) -> Rules:
    return {"coverage_dates_reversed": at_most(v["coverage_start"], v["coverage_end"])}


def registry(v: dict) -> Rules:
    return {
        "registered_in_future": at_most(v["registered_on"], day(v["updated_at"])),
        "severity_implausible": v["severity"] is None or 1 <= v["severity"] <= 4,
    }


def facilities(v: dict) -> Rules:
    beds = [v[name] for name in BEDS]
    return {
        "beds_negative": not_negative(v["beds_total"], *beds),
        "beds_total_mismatch": None in (*beds, v["beds_total"]) or v["beds_total"] == sum(beds),
        "peer_group_implausible": v["peer_group"] is None or 1 <= v["peer_group"] <= 5,
    }


def providers(v: dict) -> Rules:
    return {
        "active_dates_reversed": at_most(v["active_from"], v["active_to"]),
        "npi_malformed": v["npi"] is None or bool(re.fullmatch(r"[0-9]{10}", v["npi"])),
    }


def hai_data(v: dict) -> Rules:
    devices = [n for n in (v["central_line_days"], v["urinary_catheter_days"]) if n is not None]
    return {
        "counts_negative": not_negative(*(v[name] for name in COUNTS)),
        "device_days_above_patient_days": not devices or at_most(max(devices), v["patient_days"]),
        "month_not_first": v["month"] is None or v["month"].day == 1,
    }


def cms_measures(v: dict) -> Rules:
    numerator, denominator, score = v["numerator"], v["denominator"], v["score"]
    known = None not in (numerator, denominator, score) and denominator != 0
    return {
        "period_reversed": at_most(v["period_start"], v["period_end"]),
        "counts_negative": not_negative(numerator, denominator),
        "numerator_above_denominator": at_most(numerator, denominator),
        "score_mismatch": not known or abs(score - Decimal(100 * numerator) / denominator) <= Decimal("0.05"),
    }


def beds(v: dict) -> Rules:
    return {
        "beds_negative": not_negative(v["licensed_beds"], v["staffed_beds"], v["occupied_beds"]),
        "staffed_above_licensed": at_most(v["staffed_beds"], v["licensed_beds"]),
    }


def staffing(v: dict) -> Rules:
    hours, parts = v["hours_worked"], (v["overtime_hours"], v["agency_hours"])
    return {
        "hours_negative": not_negative(hours, *parts),
        "parts_above_hours": None in (hours, *parts) or sum(parts) <= hours + Decimal("0.005"),
        "counts_negative": not_negative(v["head_count"], v["leavers"]),
        "leavers_above_head_count": at_most(v["leavers"], v["head_count"]),
        "payroll_negative": not_negative(v["payroll_amount"]),
        "hours_without_staff": not hours or v["head_count"] is None or v["head_count"] > 0,
    }


OWN = (
    *(patients, encounters, diagnoses, procedures, claims, claim_reviews, medications, enrollment, registry),
    *(facilities, providers, hai_data, cms_measures, beds, staffing),
)
RULES = {rules.__name__: rules for rules in OWN} | experience_rules.RULES | record_rules.RULES
