"""Phantom billing: services that never were, some on days that the patient spent in a hospital elsewhere.

Half of them name an old encounter of the patient, half none, as honest claims do at times.
"""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import uniform
from datagenerator.money.copies import billed_anew, copied, in_time, is_plain, lost_encounter, renewed
from datagenerator.money.fraud import PHANTOM
from datagenerator.money.fraud.network import temptation
from datagenerator.money.prices import INPATIENT

FROM, ELSEWHERE_FROM = 200, 300
UNNAMED_SHARE = 0.5
ELSEWHERE_PULL = 6.0
LONGEST_WAIT, LONGEST_SINCE = 150, pd.Timedelta(days=400)


def phantoms(
    claims: pd.DataFrame, stays: pd.DataFrame, arguments: Arguments, deliveries: int
) -> pd.DataFrame:
    """Return a visit that never was after each plain claim, and one within each stay elsewhere."""
    plain = claims[is_plain(claims) & (claims["_type"] != INPATIENT)]
    invented = pd.concat([_later(plain, arguments), _elsewhere(plain, stays, arguments)], ignore_index=True)
    invented = billed_anew(renewed(invented), arguments.seed)
    invented["encounter_id"] = lost_encounter(invented, UNNAMED_SHARE, arguments.seed, PHANTOM)
    return in_time(invented, arguments, deliveries)


def _later(plain: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    wait = 8 + (LONGEST_WAIT * uniform(plain["_hash"].to_numpy(), arguments.seed, "days to the phantom"))
    day = plain["service_to"] + pd.Series(pd.to_timedelta(np.floor(wait), unit="D"), plain.index)
    invented = copied(plain, FROM, temptation(plain, PHANTOM, arguments), PHANTOM)
    return invented.assign(service_from=day, service_to=day)[~(day > plain["_death"])]


def _elsewhere(plain: pd.DataFrame, stays: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return for each finished stay a visit on its second day, to a provider the patient saw before.

    Its number is one of the stay's. Only claims known by the stay's end are looked at, so that what comes
    later changes nothing.
    """
    known = stays[["patient_id", "encounter_id", "facility_id", "admitted_at", "discharged_at", "_known"]]
    base = plain.reset_index(names="_place")[["_place", "patient_id", "facility_id", "service_to"]]
    base["_sent"], base["_order"] = plain["_submitted"].to_numpy(), plain["_hash"].to_numpy()
    pairs = known.merge(base, on="patient_id", suffixes=("_stay", ""))
    day = pairs["admitted_at"].dt.normalize() + pd.Timedelta(days=1)
    before = (pairs["service_to"] < pairs["admitted_at"]) & (day - pairs["service_to"] < LONGEST_SINCE)
    inside = (day < pairs["discharged_at"].dt.normalize()) & (pairs["_sent"] <= pairs["_known"])
    away = pairs["facility_id"] != pairs["facility_id_stay"]
    pairs = pairs.assign(_day=day)[before & inside & away]
    pairs = pairs.sort_values(["encounter_id", "_order"], kind="stable").drop_duplicates("encounter_id")
    chosen = plain.loc[pairs["_place"]]
    tempting = temptation(chosen, PHANTOM, arguments) / ELSEWHERE_PULL
    days = pd.Series(pairs["_day"].to_numpy(), chosen.index)
    return copied(chosen, ELSEWHERE_FROM, tempting, PHANTOM).assign(
        _encounter=pairs["encounter_id"].to_numpy(object),
        _number=ELSEWHERE_FROM,
        _since=pairs["_known"].to_numpy(),
        service_from=days.to_numpy(),
        service_to=days.to_numpy(),
    )
