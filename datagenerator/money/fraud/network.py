"""Who is crooked: providers with the schemes they practise, and rings around a supplier."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.clinical.hospitals import ATTENDING
from datagenerator.draws import Floats, hashes, uniform
from datagenerator.money.directory import Directory, directory
from datagenerator.money.fraud import SCHEMES
from datagenerator.world import figures

PRACTISED_SHARE = 0.6
FEWEST_CROOKED = 2


@dataclass(frozen=True)
class Network:
    """The crooked providers and the rings: `referrer` and `facility_id` (the supplier's)."""

    crooked: tuple[str, ...]
    rings: pd.DataFrame

    def practising(self, scheme: str, seed: int) -> list[str]:
        """Return the crooked providers who practise a scheme, all of them where nobody would."""
        ids = pd.Series(self.crooked, dtype=object)
        some = ids[uniform(hashes(ids), seed, "practises " + scheme) < PRACTISED_SHARE]
        return list(some) or list(ids)


@lru_cache(maxsize=4)
def network(arguments: Arguments) -> Network:
    """Return the crooked of a request's providers: the same in every block."""
    known = directory(arguments)
    share = figures(arguments.world, "fraud")["crooked_share"]
    ids = _shuffled(known.members["provider_id"], arguments.seed, "crooked provider")
    count = max(round(share * len(ids)), FEWEST_CROOKED)
    return Network(tuple(ids[:count]), _rings(known, arguments))


def _shuffled(ids: pd.Series, seed: int, purpose: str) -> list[str]:
    order = np.argsort(uniform(hashes(ids), seed, purpose), kind="stable")
    return list(ids.to_numpy(object)[order])


def _rings(known: Directory, arguments: Arguments) -> pd.DataFrame:
    """Return the members of the rings; those who see patients in the supplier's state, each in one ring."""
    figure, seed = figures(arguments.world, "fraud"), arguments.seed
    count = max(round(arguments.providers / figure["providers_per_ring"]), 1)
    suppliers = _shuffled(pd.Series(known.suppliers, dtype=object), seed, "ring's supplier")
    seeing = known.members[known.members["specialty"].isin(ATTENDING["visit"])]
    free = _shuffled(seeing["provider_id"], seed, "ring's referrer")
    home = known.members.set_index("provider_id")[["facility_id", "state"]]
    rows = []
    for number in range(count):
        supplier = suppliers[number % len(suppliers)]
        near = [one for one in free if home.at[one, "state"] == known.state(supplier)]
        outside = [one for one in near if home.at[one, "facility_id"] != supplier][: figure["ring_size"]]
        free = [one for one in free if one not in outside]
        rows += [(referrer, supplier) for referrer in outside]
    return pd.DataFrame(rows, columns=["referrer", "facility_id"], dtype=object)


def part_of_fraud(scheme: str, arguments: Arguments) -> float:
    """Return the part of all fraud that a scheme has: the world's figures count relative to each other."""
    known = figures(arguments.world, "fraud")
    part: float = known[scheme] / sum(known[name] for name in SCHEMES)
    return part


def temptation(claims: pd.DataFrame, scheme: str, arguments: Arguments) -> Floats:
    """Return how soon a scheme takes each claim, smallest first: crooked providers' long before others'."""
    chance = uniform(claims["_hash"].to_numpy(), arguments.seed, scheme)
    return chance / np.where(is_practised(claims["provider_id"], scheme, arguments), _pull(arguments), 1.0)


def is_practised(providers: pd.Series, scheme: str, arguments: Arguments) -> npt.NDArray[np.bool_]:
    """Tell which providers practise a scheme."""
    practising = network(arguments).practising(scheme, arguments.seed)
    return providers.isin(practising).to_numpy(dtype=bool)


def _pull(arguments: Arguments) -> float:
    pull: float = figures(arguments.world, "fraud")["crooked_pull"]
    return pull
