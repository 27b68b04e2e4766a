"""Names, addresses, payers: what patients are registered with, and how each of it is drawn."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
import pandas as pd
from faker import Faker

from datagenerator.arguments import Arguments
from datagenerator.catalogue import reference, table
from datagenerator.clinical.hospitals import hospitals, staff
from datagenerator.clinical.nature import age_at
from datagenerator.clinical.population import Population

POOL_SEED = 20_250_101
RACES = {
    "white": 0.66,
    "black": 0.14,
    "asian": 0.06,
    "aian": 0.01,
    "nhpi": 0.005,
    "other": 0.075,
    "unknown": 0.05,
}
ETHNICITIES = {"hispanic": 0.17, "non_hispanic": 0.79, "unknown": 0.04}


@dataclass(frozen=True)
class Pools:
    """Texts drawn once from Faker, to pick from by number."""

    female: np.ndarray
    male: np.ndarray
    last: np.ndarray
    streets: np.ndarray


@lru_cache
def pools() -> Pools:
    """Return the pools; the same in every process, whatever the seed of the request."""
    fake = Faker("en_US")
    fake.seed_instance(POOL_SEED)
    return Pools(
        female=np.array([fake.first_name_female() for _ in range(500)]),
        male=np.array([fake.first_name_male() for _ in range(500)]),
        last=np.array([fake.last_name() for _ in range(1_500)]),
        streets=np.array([fake.street_name() for _ in range(1_500)]),
    )


@lru_cache
def payers(kind: str) -> np.ndarray:
    """Return the payer ids of a class."""
    known = reference("payers")
    return known.loc[known["payer_class"] == kind, "payer_id"].to_numpy()


def first_names(rng: np.random.Generator, female: np.ndarray) -> np.ndarray:
    """Draw given names by sex."""
    number = rng.integers(0, 500, len(female))
    return np.where(female, pools().female[number], pools().male[number])


def last_names(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw family names."""
    return rng.choice(pools().last, size)


def phones(rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw telephone numbers from the exchange kept for fiction (555-01xx)."""
    area, line = rng.integers(201, 990, size), rng.integers(0, 100, size)
    return np.array([f"{a}-555-01{n:02d}" for a, n in zip(area, line, strict=True)], dtype=object)


def addresses(arguments: Arguments, rng: np.random.Generator, state: np.ndarray) -> pd.DataFrame:
    """Draw street, city, state and zip within the given states (numbers of `Hospitals.states`)."""
    names = hospitals(arguments).states
    places = table("places")
    size = len(state)
    place = np.zeros(size, dtype=int)
    uniform = rng.random(size)
    for number, name in enumerate(names):
        rows = np.flatnonzero(places["state"] == name)
        upto = np.cumsum(places["weight"].to_numpy(float)[rows])
        here = state == number
        place[here] = rows[np.searchsorted(upto / upto[-1], uniform[here])]
    chosen = places.iloc[place]
    house, ending = rng.integers(1, 9_900, size), rng.integers(1, 99, size)
    street = rng.choice(pools().streets, size)
    return pd.DataFrame(
        {
            "street": [f"{number} {name}" for number, name in zip(house, street, strict=True)],
            "city": chosen["city"].to_numpy(),
            "state": chosen["state"].to_numpy(),
            "zip": [f"{zip3}{last:02d}" for zip3, last in zip(chosen["zip3"], ending, strict=True)],
        }
    )


def states_of(arguments: Arguments, rng: np.random.Generator, size: int) -> np.ndarray:
    """Draw states of residence by population, as numbers of `Hospitals.states`."""
    names = hospitals(arguments).states
    weight = table("places").groupby("state")["weight"].sum().loc[names].to_numpy(float)
    return rng.choice(len(names), size, p=weight / weight.sum())


def payer_for(rng: np.random.Generator, age: np.ndarray) -> np.ndarray:
    """Draw payers by age: Medicare from 65 on (a part of it through Medicare Advantage), others before."""
    draw = rng.random(len(age))
    old = np.select([draw < 0.50, draw < 0.96], ["medicare", "medicare_advantage"], "commercial")
    medicaid, uninsured = np.where(age < 19, 0.40, 0.17), np.where(age < 19, 0.04, 0.09)
    young = np.select(
        [draw < medicaid, draw < medicaid + uninsured, draw < 0.98],
        ["medicaid", "uninsured", "commercial"],
        "medicare",
    )
    kind = np.where(age >= 65, old, young)
    which = rng.random(len(age))
    chosen = np.empty(len(age), dtype=object)
    for name in np.unique(kind):
        ids, here = payers(str(name)), kind == name
        chosen[here] = ids[(which[here] * len(ids)).astype(int)]
    return chosen


def primary_care(arguments: Arguments, rng: np.random.Generator, state: np.ndarray) -> np.ndarray:
    """Draw primary care providers of a clinic or hospital in the patient's state."""
    team = staff(arguments)
    facility = hospitals(arguments).ambulatory.draw(state, rng.random(len(state)))
    kind = np.full(len(state), team.kinds.index("primary"))
    return team.draw(facility, kind, rng.random(len(state)))


def first_registration(arguments: Arguments, rng: np.random.Generator, people: Population) -> pd.DataFrame:
    """Draw what each patient is first registered with (one row a patient; `_state` is the state's number)."""
    size = people.size
    age = age_at(people, people.joined)
    state = states_of(arguments, rng, size)
    married = np.interp(age, [18, 25, 40, 70], [0, 0.2, 0.55, 0.55])
    widowed = np.interp(age, [50, 70, 90], [0.01, 0.15, 0.55])
    draw = rng.random(size)
    marital = np.select(
        [age < 18, draw < married, draw < married + widowed, draw < married + widowed + 0.12],
        ["S", "M", "W", "D"],
        "S",
    )
    marital = np.where(rng.random(size) < 0.02, "U", marital)
    frame = pd.DataFrame({"first_name": first_names(rng, people.female), "last_name": last_names(rng, size)})
    frame["birth_date"] = people.birth
    frame["sex"] = np.where(rng.random(size) < 0.002, "U", np.where(people.female, "F", "M"))
    frame["race"] = rng.choice(list(RACES), size, p=list(RACES.values()))
    frame["ethnicity"] = rng.choice(list(ETHNICITIES), size, p=list(ETHNICITIES.values()))
    frame["marital_status"] = marital
    frame = frame.join(addresses(arguments, rng, state))
    frame["phone"] = phones(rng, size)
    frame["payer_id"] = payer_for(rng, age)
    frame["pcp_provider_id"] = primary_care(arguments, rng, state)
    return frame.assign(_state=state)
