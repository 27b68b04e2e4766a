"""Who bills a claim, who sent the patient there, where the service was given, and the code's modifier."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import uniform
from datagenerator.money.directory import directory
from datagenerator.money.prices import INPATIENT, OUTPATIENT
from datagenerator.money.services import codes_of
from datagenerator.world import figures

# Place of service codes (CMS).
TELEHEALTH, OFFICE, HOME, OUTPATIENT_HOSPITAL, INPATIENT_HOSPITAL, EMERGENCY_ROOM, LABORATORY = (
    "02", "11", "12", "22", "21", "23", "81",
)  # fmt: skip
PLACES = {
    "inpatient": INPATIENT_HOSPITAL,
    "emergency": EMERGENCY_ROOM,
    "observation": OUTPATIENT_HOSPITAL,
    "telehealth": TELEHEALTH,
}
# Of tests and goods from elsewhere, those billed as of the laboratory or the home, not of an office.
AT_SUPPLIER_SHARE = 0.3
OFFICE_IN_HOSPITAL_SHARE = 0.5
CONSULTED_SHARE, COLLEAGUE_SHARE, SENT_BY_PRIMARY_SHARE = 0.7, 0.4, 0.5
UNNAMED_SENDER_SHARE = 0.25
# Modifiers of HCPCS level II: distinct service, new and rented equipment, technical component, telehealth.
DISTINCT, NEW, RENTED, TECHNICAL, REMOTE = "XU", "NU", "RR", "TC", "GT"
DISTINCT_SHARE, NEW_SHARE, TECHNICAL_SHARE, REMOTE_SHARE = 0.15, 0.6, 0.5, 0.4


def routed(claims: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Add `referring_provider_id`, `place_of_service` and `modifier`; let suppliers and colleagues bill.

    Some professional claims lose the number of their encounter, most often those of suppliers elsewhere.
    """
    rows = _billed_by_others(claims, arguments)
    rows = rows.assign(place_of_service=places(rows, arguments), modifier=modifiers(rows, arguments.seed))
    known = figures(arguments.world, "billing")
    share = np.where(rows["_is_external"], known["unnamed_encounter_external"], known["unnamed_encounter"])
    lost = uniform(rows["_hash"].to_numpy(), arguments.seed, "encounter not named") < share
    lost &= _is_professional(rows) & (rows["_type"] != INPATIENT).to_numpy()
    return rows.assign(encounter_id=rows["encounter_id"].mask(lost, None))


def _billed_by_others(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Set provider, facility and referring provider: who attended sends, who does the service bills."""
    base, seed, known = rows["_hash"].to_numpy(), arguments.seed, directory(arguments)
    external = rows["_is_external"].to_numpy(bool)
    choice = uniform(base, seed, "colleague")
    consulted = (rows["_type"] == INPATIENT) & (rows["_rank"] >= 2) & (choice < CONSULTED_SHARE)
    helped = rows["_is_ancillary"] & ~external & (choice < COLLEAGUE_SHARE)
    supplier = known.supplier(rows["facility_id"], uniform(base, seed, "supplier"))
    facility = rows["facility_id"].mask(external, pd.Series(supplier, rows.index))
    other = pd.Series(known.colleague(facility, uniform(base, seed, "who does it")), rows.index)
    by_other = external | consulted | helped
    provider = rows["provider_id"].mask(by_other, other)
    visit = (rows["_type"] == OUTPATIENT) & (rows["_rank"] == 0) & (choice < SENT_BY_PRIMARY_SHARE)
    sender = rows["_attending"].where(by_other, rows["_primary"].where(visit, None))
    forgotten = external & (uniform(base, seed, "sender not named") < UNNAMED_SENDER_SHARE)
    sender = sender.where((sender != provider) & ~forgotten, None)
    return rows.assign(provider_id=provider, facility_id=facility, referring_provider_id=sender)


def places(rows: pd.DataFrame, arguments: Arguments) -> pd.Series:
    """Return the place of service of professional claims, none on institutional ones."""
    base = rows["_hash"].to_numpy()
    chance = uniform(base, arguments.seed, "place of service")
    office = directory(arguments).is_office(rows["facility_id"]) | (chance < OFFICE_IN_HOSPITAL_SHARE)
    place = rows["_type"].map(PLACES).fillna("").to_numpy(object)
    place = np.where(place == "", np.where(office, OFFICE, OUTPATIENT_HOSPITAL), place)
    external = rows["_is_external"].to_numpy(bool)
    test = rows["procedure_code"].isin(codes_of("laboratory")).to_numpy()
    goods = rows["procedure_code"].isin(codes_of("equipment", "supply")).to_numpy()
    place = np.where(external, OFFICE, place)
    place = np.where(external & test & (chance < AT_SUPPLIER_SHARE), LABORATORY, place)
    place = np.where(external & goods & (chance < AT_SUPPLIER_SHARE), HOME, place)
    return pd.Series(place, rows.index, dtype=object).where(_is_professional(rows), None)


def modifiers(rows: pd.DataFrame, seed: int) -> pd.Series:
    """Return the modifier of professional claims that have one."""
    chance = uniform(rows["_hash"].to_numpy(), seed, "modifier")
    code = rows["procedure_code"]
    equipment = code.isin(codes_of("equipment")).to_numpy()
    cases = {
        NEW: equipment & (chance < NEW_SHARE),
        RENTED: equipment,
        TECHNICAL: code.isin(codes_of("imaging")).to_numpy() & (chance < TECHNICAL_SHARE),
        REMOTE: (rows["_type"] == "telehealth").to_numpy() & (chance < REMOTE_SHARE),
        DISTINCT: rows["_is_ancillary"].to_numpy(bool) & (chance < DISTINCT_SHARE),
    }
    found = pd.Series(np.select(list(cases.values()), list(cases), ""), rows.index, dtype=object)
    return found.where((found != "") & _is_professional(rows), None)


def _is_professional(rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    return (rows["claim_form"] == "professional").to_numpy(dtype=bool)
