"""Claims coded dearer than the care was: a higher level, more units, or a plainly higher price."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Floats, uniform
from datagenerator.money.prices import INPATIENT
from datagenerator.money.services import service_fee, services
from datagenerator.world import figures

NEXT_LEVEL = {"G0380": "G0381", "G0381": "G0382", "G0382": "G0383", "G0383": "G0384", "G0463": "G0439"}
MISTAKE = "coding"
MOST_UNITS_ADDED = 3
MOST_OF_MANY_ADDED = 0.5


def is_codeable(claims: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which claims a provider's own coding prices.

    Whole stays are paid by their group; what was corrected has been looked at.
    """
    of_stay = (claims["_type"] == INPATIENT) & (claims["claim_form"] == "institutional")
    return (claims["_course"] == "none") & ~of_stay


def overcoded(claims: pd.DataFrame, draw: Floats, levels: int) -> pd.DataFrame:
    """Return claims coded dearer: up to `levels` levels of visit up, else more units, else by price alone.

    `draw`, uniform, says by how much.
    """
    code, units = claims["procedure_code"], claims["units"].astype("Int64")
    higher = code
    for _ in range(levels):
        higher = higher.replace(NEXT_LEVEL)
    most = code.map(services()["most_units"]).where(claims["_service_fee"].notna()).fillna(1)
    added = np.maximum(MOST_UNITS_ADDED, MOST_OF_MANY_ADDED * units.to_numpy(float))
    more = units + 1 + (added * draw).astype(int)
    by_units, by_level = most > 1, higher.notna() & (higher != code)
    units = units.mask(by_units, more)
    fee = claims["_service_fee"].mask(by_units, service_fee(code, units))
    factor = np.where(by_level | by_units, 1 + 0.3 * draw, 1.2 + 0.4 * levels * draw)
    return claims.assign(
        procedure_code=higher, units=units, _service_fee=fee, _factor=claims["_factor"] * factor
    )


def with_mistakes(claims: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return the claims with `_factor` and `_mistake`; a few are coded too dear, without intent."""
    rows = claims.assign(_factor=1.0, _mistake="")
    share = figures(arguments.world, "billing")["coding_mistakes"]
    chance = uniform(rows["_hash"].to_numpy(), arguments.seed, "coding mistake")
    wrong = rows[is_codeable(rows) & (chance < share)]
    rows.loc[wrong.index] = overcoded(wrong, chance[wrong.index] / share, 1).assign(_mistake=MISTAKE)
    return rows
