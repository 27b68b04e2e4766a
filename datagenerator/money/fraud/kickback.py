"""Kickback referral: a ring's doctors send healthy patients to its supplier, for tests nobody needs."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Floats, uniform
from datagenerator.money.copies import billed_anew, copied, in_time, is_plain, lost_encounter, renewed
from datagenerator.money.directory import directory
from datagenerator.money.fraud import KICKBACK
from datagenerator.money.fraud.network import network
from datagenerator.money.prices import OUTPATIENT
from datagenerator.money.routing import modifiers, places
from datagenerator.money.services import codes_of, drawn_units, service_fee

FROM, STEP = 1_100, 100
MOST_PARTS, FEWEST_PARTS = 3, 2
UNNAMED_SHARE, UNNAMED_SENDER_SHARE = 0.35, 0.15
LONGEST_WAIT = 9
VISIT = "G0463"
# Tests, goods and shots that suit any patient; whether one needs them is not asked.
NEEDLESS = ("G0480", "P9604", "G0283", "G0444", *codes_of("equipment", "supply", "add_on"))


def kickbacks(claims: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return what the rings' suppliers could bill after each plain visit to one of their doctors.

    Healthy patients come first: they don't ask, and nobody misses the results.
    """
    ring = network(arguments).rings.set_index("referrer")
    own = is_plain(claims) & claims["_type"].isin([OUTPATIENT, "telehealth"]) & (claims["_rank"] == 0)
    visits = claims[own & claims["provider_id"].isin(ring.index)]
    base = visits["_hash"].to_numpy()
    number = FEWEST_PARTS + (2 * uniform(base, arguments.seed, "needless services")).astype(int)
    tempting = uniform(base, arguments.seed, KICKBACK) * np.exp(visits["_frailty"].fillna(0).to_numpy())
    sent = _referred(visits, ring, arguments)
    order = uniform(base, arguments.seed, "first needless service")
    parts = []
    for part in range(MOST_PARTS):
        chosen = copied(sent, FROM + STEP * part, tempting, KICKBACK).assign(_part=part)[part < number]
        parts.append(_part(renewed(chosen), part, order[part < number], arguments))
    found = pd.concat(parts, ignore_index=True)
    return in_time(billed_anew(found, arguments.seed), arguments, deliveries)


def _referred(visits: pd.DataFrame, ring: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return the visits as ones at the supplier, some days later."""
    wait = LONGEST_WAIT * uniform(visits["_hash"].to_numpy(), arguments.seed, "days to the ring's supplier")
    day = visits["service_to"] + pd.Series(pd.to_timedelta(np.floor(wait), unit="D"), visits.index)
    day = day.where(~(day > visits["_death"]), visits["service_to"])
    supplier = visits["provider_id"].map(ring["facility_id"])
    draw = uniform(visits["_hash"].to_numpy(), arguments.seed, "who bills for the ring")
    biller = pd.Series(directory(arguments).colleague(supplier, draw), visits.index)
    chance = uniform(visits["_hash"].to_numpy(), arguments.seed, "ring's sender not named")
    return visits.assign(
        referring_provider_id=visits["provider_id"].where(chance >= UNNAMED_SENDER_SHARE, None),
        provider_id=biller,
        facility_id=supplier,
        service_from=day,
        service_to=day,
        _type=OUTPATIENT,
        _is_external=True,
    )


def _part(chosen: pd.DataFrame, part: int, order: Floats, arguments: Arguments) -> pd.DataFrame:
    """Return one service of a referral: the first is the supplier's own visit, the others tests and goods."""
    names = np.array(NEEDLESS, dtype=object)
    code = pd.Series(names[((order * len(names)).astype(int) + part) % len(names)], chosen.index)
    units = drawn_units(code, uniform(chosen["_hash"].to_numpy(), arguments.seed, "needless units"))
    rows = chosen.assign(_is_ancillary=part > 0)
    if part == 0:
        rows = rows.assign(procedure_code=VISIT, units=1)
    else:
        rows = rows.assign(procedure_code=code, units=units, _service_fee=service_fee(code, units))
    return rows.assign(
        encounter_id=lost_encounter(rows, UNNAMED_SHARE, arguments.seed, KICKBACK),
        place_of_service=places(rows, arguments),
        modifier=modifiers(rows, arguments.seed),
    )
