"""Unbundling: what one price covers billed in parts, a second visit fee among them, on the same day."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Floats, uniform
from datagenerator.money.copies import TIMES, copied, in_time, is_plain, renewed
from datagenerator.money.fraud import UNBUNDLING
from datagenerator.money.fraud.network import temptation
from datagenerator.money.routing import DISTINCT
from datagenerator.money.services import codes_of, drawn_units, service_fee

FROM, STEP = 700, 100
MOST_PARTS, FEWEST_PARTS = 4, 2
DISTINCT_SHARE = 0.4
BUNDLED = ("outpatient", "emergency", "observation")
# What is part of a visit's price, whoever the patient.
PARTS = ("G0480", "P9604", "G0283", "G0444", *codes_of("supply", "add_on"))


def unbundled(claims: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return the parts that each plain visit could be billed in beside itself."""
    visits = claims[is_plain(claims) & claims["_type"].isin(BUNDLED) & ~claims["_is_ancillary"]]
    base = visits["_hash"].to_numpy()
    number = FEWEST_PARTS + (3 * uniform(base, arguments.seed, "parts of the visit")).astype(int)
    order = uniform(base, arguments.seed, "first part of the visit")
    tempting = temptation(visits, UNBUNDLING, arguments)
    parts = []
    for part in range(MOST_PARTS):
        chosen = copied(visits, FROM + STEP * part, tempting, UNBUNDLING)[part < number]
        minutes = pd.Timedelta(minutes=part + 1)
        chosen = chosen.assign(_part=part, **{name: chosen[name] + minutes for name in TIMES})
        parts.append(_part(renewed(chosen), part, order[part < number], arguments.seed))
    return in_time(pd.concat(parts, ignore_index=True), arguments, deliveries)


def _part(chosen: pd.DataFrame, part: int, order: Floats, seed: int) -> pd.DataFrame:
    """Return a part: the first is the visit once more and cheaper, the others are what belongs to it."""
    base = chosen["_hash"].to_numpy()
    cheaper = chosen["_factor"] * (0.6 + 0.3 * uniform(base, seed, "price of the part"))
    distinct = uniform(base, seed, "part is distinct") < DISTINCT_SHARE
    modifier = chosen["modifier"].mask(distinct, DISTINCT)
    if part == 0:
        return chosen.assign(_factor=cheaper, modifier=modifier)
    names = np.array(PARTS, dtype=object)
    place = ((order * len(names)).astype(int) + part * 4) % len(names)
    code = pd.Series(names[place], chosen.index)
    units = drawn_units(code, uniform(base, seed, "units of the part"))
    return chosen.assign(
        procedure_code=code,
        units=units,
        modifier=modifier,
        _is_ancillary=True,
        _service_fee=service_fee(code, units),
        _factor=cheaper,
    )
