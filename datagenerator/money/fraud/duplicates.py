"""Duplicate billing: a paid service once more, days later, a little changed, at times by a colleague."""

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import uniform
from datagenerator.money.copies import copied, in_time, is_plain, noticed, sent_again
from datagenerator.money.directory import directory
from datagenerator.money.fraud import DUPLICATE
from datagenerator.money.fraud.network import temptation

FROM = 100
REDATED_SHARE, REPRICED_SHARE, COLLEAGUE_SHARE, NOTICED_SHARE = 0.4, 0.5, 0.25, 0.2


def duplicates(claims: pd.DataFrame, arguments: Arguments, deliveries: int) -> pd.DataFrame:
    """Return what each plain claim would be when billed again on purpose."""
    plain = claims[is_plain(claims)]
    base, seed = plain["_hash"].to_numpy(), arguments.seed
    again = copied(plain, FROM, temptation(plain, DUPLICATE, arguments), DUPLICATE)
    again = sent_again(again, 3 + 40 * uniform(base, seed, "days to the duplicate"))
    price = uniform(base, seed, "price of the duplicate")
    changed = np.where(price < REPRICED_SHARE, 0.9 + 0.3 * price, 1.0)
    who = uniform(base, seed, "who bills the duplicate")
    other = directory(arguments).colleague(again["facility_id"], who / COLLEAGUE_SHARE % 1)
    again = again.assign(
        _factor=again["_factor"] * changed,
        provider_id=again["provider_id"].mask(who < COLLEAGUE_SHARE, pd.Series(other, again.index)),
        **_days(again, seed),
    )
    again["referring_provider_id"] = again["referring_provider_id"].where(
        again["referring_provider_id"] != again["provider_id"], None
    )
    return in_time(noticed(again, NOTICED_SHARE, seed, DUPLICATE), arguments, deliveries)


def _days(again: pd.DataFrame, seed: int) -> dict[str, pd.Series]:
    """Return the days of service, for some one day off or two, never beyond the patient's death."""
    chance = uniform(again["_hash"].to_numpy(), seed, "day of the duplicate")
    number = np.where(chance < REDATED_SHARE, 1 + (chance * 5).astype(int) % 2, 0)
    step = pd.Series(pd.to_timedelta(number, unit="D"), again.index)
    late = again["service_to"] + step > again["_death"]
    step = step.mask(late, pd.Timedelta(0))
    return {name: again[name] + step for name in ("service_from", "service_to")}
