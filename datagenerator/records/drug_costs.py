"""What a supply costs, and who pays it; amounts in cents."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.catalogue import table
from datagenerator.draws import hashes, lognormal
from datagenerator.money.payers import plans
from datagenerator.world import figures

WHOLE = 100
"""Percent that those pay who have no plan."""


def with_costs(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Add `base_cost`, `total_cost` and who pays it; the last two sum to the total.

    The base is units times the drug's price, which differs a little from patient to patient; a pharmacy adds
    its fee. The patient owes the plan's coinsurance, up to the world's limit a supply; without a plan all.
    """
    known = figures(arguments.world, "medications")
    prices = table("drug_prices").set_index("drug_code")["unit_price"]
    own = lognormal(hashes(rows["patient_id"]), arguments.seed, "drug prices", known["price_sigma"])
    dollars = rows["drug_code"].map(prices).to_numpy(float) * rows["quantity"].to_numpy(float) * own
    base = np.rint(dollars * 100).astype(np.int64).clip(1)
    fee = np.where(rows["source"] == "dispensed", round(known["dispensing_fee"] * 100), 0)
    total = base + fee.astype(np.int64)
    percent = np.array([plan.coinsurance_percent for plan in plans(rows["payer_id"])], dtype=np.int64)
    limit = np.where(percent == WHOLE, total, round(known["largest_patient_share"] * 100))
    patient = np.minimum(total * percent // 100, limit.astype(np.int64))
    return rows.assign(
        base_cost=base, total_cost=total, payer_paid_amount=total - patient, patient_paid_amount=patient
    )
