"""Upcoding: a visit of a higher level, more units or a higher price than the care supports."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import uniform
from datagenerator.money.coding import is_codeable, overcoded
from datagenerator.money.fraud import UPCODING
from datagenerator.money.fraud.network import temptation

LEVELS = 2


def upcoded(free: pd.DataFrame, count: int, arguments: Arguments) -> pd.DataFrame:
    """Return the `count` most tempting of some claims as they are billed, under their index."""
    able = free[is_codeable(free) & (free["_mistake"] == "")]
    able = able.assign(_temptation=temptation(able, UPCODING, arguments))
    hit = able.sort_values("_temptation", kind="stable").iloc[:count].drop(columns="_temptation")
    draw = uniform(hit["_hash"].to_numpy(), arguments.seed, "how far upcoded")
    return overcoded(hit, draw, LEVELS).assign(_scheme=UPCODING)
