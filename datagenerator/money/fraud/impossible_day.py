"""Impossible days: a crooked provider bills more hours of one day than it has, to patients of the house.

The days are the same in every block, so that their claims come together over all patients.
"""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import hashes, uniform
from datagenerator.money.copies import billed_anew, copied, in_time, is_plain, lost_encounter, renewed
from datagenerator.money.directory import directory
from datagenerator.money.fraud import IMPOSSIBLE_DAY
from datagenerator.money.fraud.network import network, part_of_fraud
from datagenerator.money.prices import OUTPATIENT
from datagenerator.money.routing import modifiers, places
from datagenerator.money.services import service_fee
from datagenerator.periods import period
from datagenerator.world import figures

FROM = 600
UNNAMED_SHARE = 0.5
OWN_PULL = 20.0
SINCE_VISIT = pd.Timedelta(days=240)
FIRST_DAYS, LAST_DAYS = 120, 12
# Training of diabetics goes by half hours, a visit is one unit; an hour and more of either is billed.
TIMED, VISIT = "G0108", "G0463"
TIMED_SHARE, FEWEST_UNITS, MORE_UNITS = 0.2, 5, 9


def gap(arguments: Arguments) -> int:
    """Return in how many later months one has an impossible day: as many as it takes to fill it."""
    known = figures(arguments.world, "fraud")
    months = max((arguments.end - arguments.start).days / 30.44, 1.0)
    monthly = arguments.claims / months * arguments.fraud_rate * part_of_fraud(IMPOSSIBLE_DAY, arguments)
    return max(round(known["claims_of_an_impossible_day"] / max(monthly, 1e-9)), 1)


def busy_days(arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return provider, facility and day of every impossible day up to a delivery."""
    known = figures(arguments.world, "fraud")
    total = arguments.fraud_rate * arguments.claims * part_of_fraud(IMPOSSIBLE_DAY, arguments)
    count = max(round(total / known["claims_of_an_impossible_day"]), 1)
    later = [number for number in range(1, deliveries + 1) if number % gap(arguments) == 0]
    numbers = [0] * count + later
    base = hashes(pd.Series([f"{number}-{place}" for place, number in enumerate(numbers)], dtype=object))
    who = network(arguments).practising(IMPOSSIBLE_DAY, arguments.seed)
    chosen = (uniform(base, arguments.seed, "who has the day") * len(who)).astype(int)
    share = uniform(base, arguments.seed, "which day")
    home = directory(arguments).members.set_index("provider_id")["facility_id"]
    rows = pd.DataFrame({"_biller": [who[number] for number in chosen]}, dtype=object)
    rows["facility_id"] = rows["_biller"].map(home)
    rows["_day"] = [_day(arguments, number, part) for number, part in zip(numbers, share, strict=True)]
    return rows.astype({"_day": "datetime64[s]"}).sort_values("_day", kind="stable", ignore_index=True)


def _day(arguments: Arguments, number: int, share: float) -> pd.Timestamp:
    """Return a weekday of a period, late enough to have patients and early enough to be billed in it."""
    now = period(arguments, number)
    first = pd.Timestamp(now.first) + pd.Timedelta(days=0 if number else FIRST_DAYS)
    last = max(pd.Timestamp(now.last) - pd.Timedelta(days=LAST_DAYS), pd.Timestamp(now.first))
    day = min(first, last) + (last - min(first, last)) * share
    return day.normalize() - pd.Timedelta(days=max(day.weekday() - 4, 0))


def impossible_days(claims: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return a service on the next impossible day of the house for each patient seen there not long ago."""
    seen = is_plain(claims) & claims["_type"].isin([OUTPATIENT, "telehealth"]) & (claims["_rank"] == 0)
    visits = claims[seen].reset_index(names="_place").astype({"service_to": "datetime64[s]"})
    days = busy_days(arguments, deliveries)
    found = pd.merge_asof(
        visits.sort_values(["service_to", "_place"], kind="stable"),
        days,
        left_on="service_to",
        right_on="_day",
        by="facility_id",
        direction="forward",
        allow_exact_matches=False,
        tolerance=SINCE_VISIT,
    )
    found = found[found["_day"].notna() & ~(found["_day"] > found["_death"])].set_index("_place")
    found = _billed(found, arguments)
    found = in_time(billed_anew(found, arguments.seed), arguments, deliveries)
    found = found.sort_values(["_since", "_hash"], kind="stable")
    return found.drop_duplicates(["patient_id", "provider_id", "service_from"])


def _billed(found: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    base, seed = found["_hash"].to_numpy(), arguments.seed
    own = (found["provider_id"] == found["_biller"]).to_numpy()
    tempting = uniform(base, seed, IMPOSSIBLE_DAY) / np.where(own, OWN_PULL, 1.0)
    rows = renewed(copied(found, FROM, tempting, IMPOSSIBLE_DAY))
    chance = uniform(base, seed, "what is billed")
    timed = pd.Series(chance < TIMED_SHARE, rows.index)
    long = FEWEST_UNITS + (MORE_UNITS * uniform(base, seed, "units of the day")).astype(int)
    code = pd.Series(TIMED, rows.index).where(timed, VISIT)
    units = pd.Series(long, rows.index).where(timed, 1).astype("Int64")
    fee = service_fee(code.where(timed, TIMED), units).where(timed, np.nan)
    rows = rows.assign(
        provider_id=rows["_biller"],
        referring_provider_id=None,
        service_from=rows["_day"],
        service_to=rows["_day"],
        procedure_code=code,
        units=units,
        _type=OUTPATIENT,
        _is_ancillary=timed,
        _service_fee=fee,
        encounter_id=lost_encounter(rows, UNNAMED_SHARE, seed, IMPOSSIBLE_DAY),
    )
    rows = rows.drop(columns=["_biller", "_day"])
    return rows.assign(place_of_service=places(rows, arguments), modifier=modifiers(rows, seed))
