"""Drugs given in an encounter: those billed by a HCPCS code, and what inpatients get for their reason."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.care import Care, first_told
from datagenerator.catalogue import reference
from datagenerator.records.encounters import finished
from datagenerator.records.therapies import STAY, drawn

COLUMNS = [
    "medication_id",
    "patient_id",
    "encounter_id",
    "provider_id",
    "payer_id",
    "drug_code",
    "ordered_at",
    "started_on",
    "quantity",
    "days_supply",
    "updated_at",
    "_known",
]


def administered(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return the administrations, one row per drug and occasion, with `_known`."""
    return pd.concat([_billed(care), _of_stays(care, arguments)], ignore_index=True)


def _billed(care: Care) -> pd.DataFrame:
    """Return one administration for each procedure that bills a drug: same number, units, day and time told.

    It bears the procedure's number, so that what delays or changes the one comes with the other.
    """
    drugs = reference("drug_codes")
    codes = drugs[drugs["hcpcs_code"] != ""].set_index("hcpcs_code")["drug_code"]
    rows = care.procedures[care.procedures["procedure_code"].isin(codes.index)]
    first = first_told(care.encounters, "encounter_id").set_index("encounter_id")
    rows = rows.drop(columns="provider_id").join(
        first[["provider_id", "payer_id", "admitted_at"]], on="encounter_id"
    )
    rows["drug_code"] = rows["procedure_code"].map(codes)
    rows["started_on"] = rows["performed_at"].dt.normalize()
    renamed = rows.rename(columns={"procedure_id": "medication_id", "admitted_at": "ordered_at"})
    return renamed.assign(days_supply=1)[COLUMNS]


def _of_stays(care: Care, arguments: Arguments) -> pd.DataFrame:
    """Return what stays give, told when their first bill is closed: one row per drug and stay.

    Bills of a stay may overlap, and the one that began first be closed last: what was told stays as it is.
    """
    rows = finished(care)
    rows = rows[(rows["_type"] == "inpatient") & rows["_stay"].notna()]
    rows = rows.sort_values(["_stay", "_known", "admitted_at", "encounter_id"], kind="stable")
    rows = rows.drop_duplicates("_stay").reset_index(drop=True)
    persons = rows.assign(_id=rows["encounter_id"], _name=rows["_reason"])
    chosen = drawn(persons, STAY, arguments.seed)
    given = chosen.join(rows.loc[chosen["row"]].reset_index(drop=True))
    given["started_on"] = given["admitted_at"].dt.normalize()
    nights = (given["discharged_at"].dt.normalize() - given["started_on"]).dt.days
    given["days_supply"] = np.minimum(given["days"], nights.clip(lower=1))
    given["quantity"] = np.ceil(given["units_per_day"] * given["days_supply"]).astype(int)
    number = given["number"].astype(str).str.zfill(3)
    given["medication_id"] = "M" + given["encounter_id"].str[1:] + "A" + number
    return given.rename(columns={"admitted_at": "ordered_at"})[COLUMNS]
