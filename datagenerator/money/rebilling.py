"""Honest claims that bill a service a second time: after a denial, or by mistake."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import exponential, uniform
from datagenerator.money.copies import copied, in_time, is_plain, noticed, sent_again
from datagenerator.world import figures

REBILLED, DOUBLE_BILLED = "rebilled", "double_billed"
REBILLED_FROM, DOUBLE_BILLED_FROM = 400, 500
REBILLING_DAYS = 20.0


def rebilled(claims: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return what each denied claim would be when sent as a new one, and paid, some weeks later."""
    refused = claims[claims["_denied"] & (claims["_course"] == "none")]
    base, seed = refused["_hash"].to_numpy(), arguments.seed
    again = copied(refused, REBILLED_FROM, uniform(base, seed, REBILLED))
    wait = (again["_decided"] - again["submitted_at"]).dt.days.to_numpy()
    again = sent_again(again, wait + 3 + exponential(base, seed, "rebilling", REBILLING_DAYS))
    return in_time(again.assign(_denied=False, denial_code=None), arguments, deliveries)


def double_billed(claims: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return what each plain claim would be when sent twice; what the payer does not notice is a mistake."""
    plain = claims[is_plain(claims)]
    base, seed = plain["_hash"].to_numpy(), arguments.seed
    again = copied(plain, DOUBLE_BILLED_FROM, uniform(base, seed, DOUBLE_BILLED))
    again = sent_again(again, 1 + 12 * uniform(base, seed, "days to the double"))
    share = figures(arguments.world, "billing")["double_billed_noticed"]
    again = noticed(again, share, seed, DOUBLE_BILLED)
    again["_mistake"] = pd.Series(DOUBLE_BILLED, again.index).where(~again["_denied"], "")
    return in_time(again, arguments, deliveries)
