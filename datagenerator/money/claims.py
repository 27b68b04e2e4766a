"""Claims as the payers' system sends them: originals, the decisions on them, and corrections."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block
from datagenerator.care import Care
from datagenerator.draws import hashes, uniform
from datagenerator.money.adjudication import adjudicated, priced
from datagenerator.money.billable import billable, with_procedures
from datagenerator.money.candidates import candidates, chosen
from datagenerator.money.coding import with_mistakes
from datagenerator.money.fraud import UPCODING
from datagenerator.money.fraud.planting import ADDED, ADDED_SCHEMES, planned, with_added
from datagenerator.money.payers import plans
from datagenerator.money.prices import INPATIENT
from datagenerator.money.routing import routed
from datagenerator.money.services import with_services
from datagenerator.periods import known_in

AMOUNTS = ["billed_amount", "allowed_amount", "paid_amount", "patient_amount"]
DECIDED = [*AMOUNTS[1:], "denial_code", "adjudicated_at"]
# An odd multiplier without the factor 5 maps eight-digit numbers one to one, and hides how they were counted.
NUMBERS = 10**8
SCRAMBLE = 48_271_633
CLAIMS_PER_ENCOUNTER = 10_000
VERSIONS = {"original": 0, "reversal": 1, "adjustment": 2}


def claims(care: Care, arguments: Arguments, block: Block, deliveries: int) -> pd.DataFrame:
    """Return all images of the block's claims up to a delivery: amounts in cents, `_known`, `_scheme`."""
    rows = _existing(care, arguments, block, deliveries)
    rows["claim_id"] = claim_ids(rows, "original", arguments.seed)
    decided = adjudicated(priced(rows, arguments.seed))
    images = pd.concat([_originals(decided, arguments, deliveries), _corrections(decided, arguments.seed)])
    images["_known"] = images["_known"].astype(np.int64)
    return images[images["_known"] <= deliveries].sort_values(["claim_id", "_known"], kind="stable")


def _existing(care: Care, arguments: Arguments, block: Block, deliveries: int) -> pd.DataFrame:
    """Return originals and what is added to them, together exactly the block's quota in the initial extract.

    Where there are too few claims to add as much to as planned, more honest ones take the places.
    """
    finished = billable(care)
    stays = finished[finished["_type"] == INPATIENT]
    possible = candidates(finished, arguments)
    wanted = planned(arguments, block)
    while True:
        reserved = sum(wanted[name] for name in ADDED)
        originals = chosen(possible, arguments, block, deliveries, reserved)
        rows = with_added(_described(originals, care, arguments), stays, wanted, arguments, deliveries)
        there = rows.loc[rows["_submitted"] == 0, "_added"].value_counts()
        missing = {name: wanted[name] - int(there.get(name, 0)) for name in ADDED}
        if not any(missing.values()):
            return rows
        wanted |= {name: wanted[name] - missing[name] for name in ADDED}
        wanted[UPCODING] += sum(missing[scheme] for scheme in ADDED_SCHEMES)


def _described(originals: pd.DataFrame, care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the originals with their services, who bills them and where, and honest mistakes in them."""
    billed = with_services(with_procedures(originals, care.procedures), arguments)
    return with_mistakes(routed(billed, arguments), arguments)


def claim_ids(rows: pd.DataFrame, version: str, seed: int) -> pd.Series:
    """Return claim numbers: C, the patient's number, eight digits that tell nothing of the claim."""
    patient = rows["patient_id"].str[1:]
    running = rows["_encounter"].str[-4:].astype(np.int64)
    count = running * CLAIMS_PER_ENCOUNTER + rows["_number"] * 5 + VERSIONS[version]
    offset = (uniform(hashes(rows["patient_id"]), seed, "claim numbers") * NUMBERS).astype(np.int64)
    number = (count * SCRAMBLE + offset) % NUMBERS
    return "C" + patient + number.astype(str).str.zfill(8)


def _originals(decided: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return each original as last seen in the period of its submission, and again if decided later."""
    rows = decided.assign(
        claim_version="original", original_claim_id=None, adjudicated_at=decided["_decided"]
    )
    rows["claim_status"] = np.where(rows["_denied"], "denied", "paid")
    known = np.maximum(known_in(rows["_decided"], arguments, deliveries), rows["_submitted"])
    final = rows.astype(dict.fromkeys(AMOUNTS, "Int64")).assign(_known=known, updated_at=rows["_decided"])
    pending = final[known > final["_submitted"]]
    undecided = {name: pd.Series(pd.NA, pending.index, pending[name].dtype) for name in DECIDED}
    pending = pending.assign(**undecided, claim_status="pending")
    return pd.concat(
        [pending.assign(_known=pending["_submitted"], updated_at=pending["submitted_at"]), final]
    )


def _corrections(decided: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return reversals, and the adjustments that replace what they cancel."""
    rows = decided[decided["_course"] != "none"].astype(dict.fromkeys(AMOUNTS, "Int64"))
    rows = rows.assign(
        original_claim_id=rows["claim_id"],
        submitted_at=rows["_corrected"],
        adjudicated_at=rows["_corrected"],
        updated_at=rows["_corrected"],
        _known=rows["_correction"],
        claim_status="paid",
        denial_code=None,
    )
    reversal = rows.assign(claim_version="reversal", claim_id=claim_ids(rows, "reversal", seed))
    reversal[AMOUNTS] = -reversal[AMOUNTS]
    replaced = rows[rows["_course"] == "replace"]
    return pd.concat([reversal, _adjustments(replaced, seed)])


def _adjustments(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Return replacements: what was denied is now allowed, what was allowed changes by up to a third."""
    change = 0.7 + 0.6 * uniform(rows["_hash"].to_numpy(), seed, "adjustment")
    factor = np.where(rows["_denied"], 1.0, change)
    allowed = np.rint(rows["_fee"] * factor).astype(np.int64)
    billed = np.maximum(rows["billed_amount"].to_numpy(np.int64), allowed)
    percent = np.array([plan.coinsurance_percent for plan in plans(rows["payer_id"])], dtype=np.int64)
    patient = allowed * percent // 100
    return rows.assign(
        claim_version="adjustment",
        claim_id=claim_ids(rows, "adjustment", seed),
        billed_amount=billed,
        allowed_amount=allowed,
        patient_amount=patient,
        paid_amount=allowed - patient,
    )
