"""The judge's rules of observations and treatments, those that look at another row among them."""

import csv
from decimal import Decimal
from functools import cache
from pathlib import Path

from tests.truth.comparing import at_most, day

TABLES = ("observations", "treatments")
REFERENCE = Path(__file__).resolve().parents[2] / "conf" / "reference"


def rules(table: str, v: dict) -> dict[str, bool]:
    """Return the rules that look at the row alone, rule id to whether it passes."""
    if table == "observations":
        return {"observed_in_future": at_most(v["observed_at"], v["updated_at"])}
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


def beside(table: str, v: dict, encounter: dict | None) -> dict[str, bool]:
    """Return the rules that look at the row's encounter or at its code, rule id to whether it passes."""
    if table == "observations":
        code = reference("observation_codes", "observation_code").get(v["observation_code"])
        if code is None:
            rules = {}
        else:
            low, high = Decimal(code["plausible_low"]), Decimal(code["plausible_high"])
            rules = {
                "value_implausible": at_most(low, v["value"]) and at_most(v["value"], high),
                "unit_unexpected": v["unit"] == code["unit"],
            }
        times = encounter or {"admitted_at": None, "discharged_at": None}
        within = at_most(times["admitted_at"], v["observed_at"])
        within = within and at_most(v["observed_at"], times["discharged_at"])
        return rules | {"observed_outside_encounter": within}
    if table == "treatments":
        protocol = reference("treatment_protocols", "protocol_code").get(v["protocol_code"])
        begun = day(encounter["admitted_at"]) if encounter else None
        return {
            "condition_mismatch": protocol is None or v["condition"] == protocol["condition"],
            "started_before_encounter": at_most(begun, v["started_on"]),
        }
    return {}


@cache
def reference(name: str, key: str) -> dict[str, dict[str, str]]:
    with (REFERENCE / f"{name}.csv").open(newline="") as file:
        return {line[key]: line for line in csv.DictReader(file)}
