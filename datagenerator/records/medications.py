"""Medications as pharmacies and hospitals report them: supplies dispensed, and what encounters gave."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care
from datagenerator.draws import hashes, uniform
from datagenerator.money.billable import billable
from datagenerator.periods import known_in
from datagenerator.records.administered import administered
from datagenerator.records.drug_costs import with_costs
from datagenerator.records.latest import latest
from datagenerator.records.supplies import supplies
from datagenerator.records.therapies import therapies

RXNORM = "RXNORM"
OPENING, OPEN_HOURS = 9 * 3_600, 10 * 3_600
ORDERED_AHEAD_DAYS = 4
VISITS = ("outpatient", "telehealth")
LONGEST_WAIT_DAYS = 45
"""Days from a visit to the first supply of what was prescribed there, at most."""
COLUMNS = [
    "medication_id",
    "patient_id",
    "encounter_id",
    "provider_id",
    "payer_id",
    "source",
    "drug_code",
    "code_system",
    "ordered_at",
    "started_on",
    "ended_on",
    "quantity",
    "days_supply",
    "fill_number",
    "base_cost",
    "total_cost",
    "payer_paid_amount",
    "patient_paid_amount",
    "updated_at",
    "_known",
]


def medications(care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the medications landing rows up to a delivery, amounts in cents, with `_known`.

    A row is written once, on the day of the supply. It costs what the drug costs: what an administration adds
    to the encounter's claims is theirs.
    """
    given = administered(care, arguments).assign(source="administered")
    bought = _dispensed(care, arguments, deliveries).assign(source="dispensed")
    rows = pd.concat([given, bought], ignore_index=True)
    rows["ended_on"] = rows["started_on"] + pd.to_timedelta(rows["days_supply"] - 1, unit="D")
    rows = with_costs(rows.assign(code_system=RXNORM), arguments)
    return rows.loc[rows["_known"] <= deliveries, COLUMNS].reset_index(drop=True)


def _dispensed(care: Care, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    rows = supplies(therapies(care, arguments), care, arguments, deliveries)
    rows["medication_id"] = "M" + rows["therapy"] + rows["_nth"].astype(str).str.zfill(3)
    rows["quantity"] = np.ceil((rows["units_per_day"] * rows["days"]).round(1)).astype(int).clip(lower=1)
    rows["days_supply"] = rows["days"]
    counter = np.floor(
        OPENING + OPEN_HOURS * uniform(hashes(rows["medication_id"]), arguments.seed, "counter")
    )
    rows["updated_at"] = (rows["started_on"] + pd.to_timedelta(counter, unit="s")).astype("datetime64[s]")
    rows["_known"] = known_in(rows["updated_at"], arguments, deliveries)
    rows = _with_order(_with_registration(rows, care.patients), billable(care), arguments.seed)
    # Who comes from a visit of the same day comes after it.
    return rows.assign(updated_at=np.maximum(rows["updated_at"], rows["ordered_at"]))


def _with_registration(rows: pd.DataFrame, patients: pd.DataFrame) -> pd.DataFrame:
    """Add `payer_id` and `_primary`, the primary care provider, as recorded by the time of the supply.

    Supplies before the patient's first record take that one.
    """
    names = ["patient_id", "recorded_at", "payer_id", "pcp_provider_id"]
    seen = patients.sort_values(["recorded_at", "effective_date"], kind="stable")[names]
    found = latest(rows, "updated_at", seen, "recorded_at")
    first = seen.drop_duplicates("patient_id").set_index("patient_id")
    payer = found["payer_id"].fillna(rows["patient_id"].map(first["payer_id"]))
    primary = found["pcp_provider_id"].fillna(rows["patient_id"].map(first["pcp_provider_id"]))
    return rows.assign(payer_id=payer, _primary=primary)


def _with_order(rows: pd.DataFrame, visits: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Complete the order: the encounter that began a therapy wrote its first prescription.

    The later ones are written at the last visit before they are due, if one was of late, else by primary
    care without a visit.
    """
    own = rows["encounter_id"].notna() & (rows["_renewed"] == 0)
    base = hashes(rows["therapy"]) ^ rows["_renewed"].to_numpy(np.uint64)
    ahead = np.floor(ORDERED_AHEAD_DAYS * uniform(base, seed, "ordered ahead"))
    hour = np.floor(OPENING + OPEN_HOURS * uniform(base, seed, "hour of the order"))
    due = rows["_due"] - pd.to_timedelta(ahead, unit="D") + pd.to_timedelta(hour, unit="s")
    seen = _last_visit(rows, visits)
    at_visit = seen["encounter_id"].notna()
    ordered = rows["ordered_at"].where(own, seen["discharged_at"].where(at_visit, due))
    return rows.assign(
        ordered_at=ordered.astype("datetime64[s]"),
        provider_id=rows["provider_id"].where(own, seen["provider_id"].where(at_visit, rows["_primary"])),
        encounter_id=rows["encounter_id"].where(own, seen["encounter_id"].where(at_visit, None)),
    )


def _last_visit(rows: pd.DataFrame, visits: pd.DataFrame) -> pd.DataFrame:
    """Return the last visit of the weeks before each supply's prescription was due, by the rows' index."""
    ended = visits[visits["_type"].isin(VISITS)].sort_values(["discharged_at", "encounter_id"], kind="stable")
    ended = ended.assign(_day=ended["discharged_at"].dt.normalize())
    ended = ended[["patient_id", "_day", "encounter_id", "provider_id", "discharged_at"]]
    return latest(rows, "_due", ended, "_day", within=pd.Timedelta(days=LONGEST_WAIT_DAYS))
