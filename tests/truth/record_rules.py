"""The judge's rules of observations and treatments, those that look at another row among them."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from tests.truth.comparing import at_most, day

REFERENCE = Path(__file__).resolve().parents[2] / "conf" / "reference"


def observations(v: dict) -> dict[str, bool]:
    return {"observed_in_future": at_most(v["observed_at"], v["updated_at"])}


def treatments(v: dict) -> dict[str, bool]:
    status, ended = v["status"], v["ended_on"]
    return {
        "treatment_dates_reversed": at_most(v["started_on"], ended),
        "planned_end_before_start": at_most(v["started_on"], v["planned_end_on"]),
        "started_in_future": at_most(v["started_on"], day(v["updated_at"])),
        "ended_in_future": at_most(ended, day(v["updated_at"])),
        "status_contradicts_end": status is None or (status == "running") == (ended is None),
        "outcome_missing": status in (None, "running") or v["outcome"] is not None,
        "stop_reason_missing": status != "discontinued" or v["stop_reason"] is not None,
    }


def beside_observation(v: dict, encounter: dict | None) -> dict[str, bool]:
    times = [
        encounter[name] if encounter else None for name in ("arrived_at", "admitted_at", "discharged_at")
    ]
    begin, end = min((time for time in times[:2] if time), default=None), times[2]
    within = at_most(begin, v["observed_at"]) and at_most(v["observed_at"], end)
    rules = {"observed_outside_encounter": within}
    code = reference("observation_codes", "observation_code").get(v["observation_code"])
    if code is None:
        return rules
    low, high = Decimal(code["plausible_low"]), Decimal(code["plausible_high"])
    return rules | {
        "value_implausible": at_most(low, v["value"]) and at_most(v["value"], high),
        "unit_unexpected": v["unit"] == code["unit"],
    }


def beside_treatment(v: dict, encounter: dict | None) -> dict[str, bool]:
    protocol = reference("treatment_protocols", "protocol_code").get(v["protocol_code"])
    begun = day(encounter["admitted_at"]) if encounter else None
    return {
        "condition_mismatch": protocol is None or v["condition"] == protocol["condition"],
        "started_before_encounter": at_most(begun, v["started_on"]),
    }


@cache
def reference(name: str, key: str) -> dict[str, dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(newline="") as file:
        return {line[key]: line for line in csv.DictReader(file)}


RULES = {"observations": observations, "treatments": treatments}
BESIDE = {"observations": beside_observation, "treatments": beside_treatment}
"""Rules that look at the row's encounter or at its code as well."""
