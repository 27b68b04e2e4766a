"""Facilities and providers of the health system, a function of the arguments alone."""

from collections.abc import Iterable

import numpy as np
import pandas as pd
from faker import Faker

from datagenerator.arguments import Arguments
from datagenerator.blocks import stream
from datagenerator.capacity import UNITS, expected_census, licensed_beds
from datagenerator.catalogue import table

FACILITIES_STREAM, PROVIDERS_STREAM = 900_001, 900_002
FACILITIES_PER_STATE = 10
# Number ranges of the certification number by type of facility (CMS, State Operations Manual, 2779A).
FIRST_NUMBER = {
    "acute_care": 1,
    "critical_access": 1300,
    "psychiatric": 4000,
    "rehabilitation": 3025,
    "clinic": 8500,
}
# Of ten facilities in a row: two thirds of hospitals with acute beds, the others in between.
TYPE_CYCLE = (
    "acute_care",
    "acute_care",
    "clinic",
    "acute_care",
    "critical_access",
    "acute_care",
    "rehabilitation",
    "acute_care",
    "psychiatric",
    "acute_care",
)
BED_SHARES = {
    "acute_care": (0.52, 0.22, 0.12, 0.08, 0.06),
    "critical_access": (0.80, 0.12, 0.04, 0.04, 0.0),
    "psychiatric": (0.0, 0.0, 0.0, 0.0, 1.0),
    "rehabilitation": (1.0, 0.0, 0.0, 0.0, 0.0),
    "clinic": (0.0, 0.0, 0.0, 0.0, 0.0),
}
NAME_ENDINGS = {
    "acute_care": ("Medical Center", "General Hospital", "Regional Hospital", "Memorial Hospital"),
    "critical_access": ("Community Hospital", "County Hospital", "District Hospital", "Valley Hospital"),
    "psychiatric": ("Behavioral Health", "Psychiatric Hospital", "Behavioral Center", "Psychiatric Center"),
    "rehabilitation": (
        "Rehabilitation Hospital",
        "Rehabilitation Center",
        "Rehab Institute",
        "Rehab Hospital",
    ),
    "clinic": ("Clinic", "Health Center", "Family Clinic", "Medical Group"),
}
SPECIALTIES: dict[str, float] = {
    "internal medicine": 18,
    "family medicine": 17,
    "hospital medicine": 14,
    "emergency medicine": 9,
    "general surgery": 6,
    "orthopedic surgery": 5,
    "cardiology": 7,
    "pulmonology": 4,
    "nephrology": 3,
    "oncology": 5,
    "neurology": 4,
    "psychiatry": 5,
    "obstetrics": 5,
    "pediatrics": 6,
    "physical medicine": 2,
}


def facilities(arguments: Arguments) -> pd.DataFrame:
    """Return one row per facility, landing columns; states fill up before types repeat.

    Stays need a hospital and transfers a second one, so the first two are acute care hospitals. `_size` is
    the size relative to the others, in beds of the real world; the beds are as many as the patients need.
    """
    rng = stream(arguments.seed, FACILITIES_STREAM)
    count = arguments.facilities
    types = np.array([TYPE_CYCLE[(number // _states(count)) % len(TYPE_CYCLE)] for number in range(count)])
    types[:2] = "acute_care"
    places = _places_of_facilities(types)
    frame = pd.DataFrame(
        {
            "facility_id": _certification_numbers(places["state_number"], types),
            "name": _facility_names(rng, places["city"], types),
            "facility_type": types,
            "ownership": rng.choice(["government", "nonprofit", "proprietary"], count, p=[0.2, 0.57, 0.23]),
            "city": places["city"].to_numpy(),
            "state": places["state"].to_numpy(),
            "zip": places["zip3"].to_numpy() + pd.Series(rng.integers(1, 99, count)).map("{:02d}".format),
        }
    )
    frame["_size"] = _sizes(rng, types)
    frame = frame.join(_beds(arguments, frame))
    hospital = np.isin(types, ["acute_care", "critical_access"])
    frame["peer_group"] = pd.Series(rng.integers(1, 6, count), dtype="Int64").where(hospital)
    frame["is_teaching"] = (types == "acute_care") & (frame["_size"] > 250) & (rng.random(count) < 0.7)
    frame["is_rural"] = (types == "critical_access") | (rng.random(count) < 0.08)
    frame["updated_at"] = pd.Timestamp(arguments.start) + pd.Timedelta(hours=6)
    return frame


def _states(count: int) -> int:
    return int(np.clip(count // FACILITIES_PER_STATE, 1, table("places")["state"].nunique()))


def _places_of_facilities(types: np.ndarray) -> pd.DataFrame:
    places = table("places")
    states = places["state"].drop_duplicates().to_list()[: _states(len(types))]
    towns = dict(iter(places.groupby(["state", "rural"])))
    rows = []
    for number, kind in enumerate(types):
        choices = towns[states[number % len(states)], int(kind == "critical_access")]
        rows.append(choices.iloc[(number // len(states)) % len(choices)])
    return pd.DataFrame(rows).reset_index(drop=True)


def _certification_numbers(state_numbers: Iterable[str], types: np.ndarray) -> list[str]:
    used: dict[tuple[str, str], int] = {}
    numbers = []
    for state, kind in zip(state_numbers, types, strict=True):
        number = used.get((state, kind), FIRST_NUMBER[kind])
        used[state, kind] = number + 1
        numbers.append(f"{state}{number:04d}")
    return numbers


def _facility_names(rng: np.random.Generator, cities: Iterable[str], types: np.ndarray) -> list[str]:
    fake = Faker("en_US")
    fake.seed_instance(int(rng.integers(2**31)))
    saints = [f"{fake.last_name()} {city}" for city in cities]
    endings = rng.integers(0, 4, len(types))
    return [
        f"{saint} {NAME_ENDINGS[kind][ending]}"
        for saint, kind, ending in zip(saints, types, endings, strict=True)
    ]


def _sizes(rng: np.random.Generator, types: np.ndarray) -> np.ndarray:
    """Draw how many beds facilities of these types would have in the real world."""
    size = np.select(
        [types == "acute_care", types == "critical_access", types == "clinic"],
        [np.clip(rng.lognormal(5.3, 0.6, len(types)), 60, 900), rng.integers(12, 26, len(types)), 0],
        rng.integers(30, 120, len(types)),
    )
    shares = np.array([BED_SHARES[kind] for kind in types])
    return np.rint(size[:, None] * shares).astype(int).sum(axis=1)


def _beds(arguments: Arguments, places: pd.DataFrame) -> pd.DataFrame:
    beds = licensed_beds(arguments, expected_census(arguments, places))
    frame = pd.DataFrame(beds, columns=[f"beds_{unit}" for unit in UNITS])
    frame.insert(0, "beds_total", beds.sum(axis=1))
    return frame


def providers(arguments: Arguments) -> pd.DataFrame:
    """Return one row per provider, landing columns; every facility has some as far as the number goes."""
    rng = stream(arguments.seed, PROVIDERS_STREAM)
    count = arguments.providers
    home = _home_facilities(rng, arguments)
    names = list(SPECIALTIES)
    shares = np.array(list(SPECIALTIES.values())) / sum(SPECIALTIES.values())
    fake = Faker("en_US")
    fake.seed_instance(int(rng.integers(2**31)))
    start = pd.Timestamp(arguments.start)
    since = start - pd.to_timedelta(rng.integers(200, 9_000, count), unit="D")
    return pd.DataFrame(
        {
            "provider_id": [f"PRV{number + 1:06d}" for number in range(count)],
            "npi": [_npi(100_000_000 + number * 7 + 3) for number in range(count)],
            "first_name": [fake.first_name() for _ in range(count)],
            "last_name": [fake.last_name() for _ in range(count)],
            "specialty": rng.choice(names, count, p=shares),
            "facility_id": home["facility_id"].to_numpy(),
            "state": home["state"].to_numpy(),
            "active_from": since.normalize(),
            "active_to": pd.Series(pd.NaT, index=range(count)),
            "updated_at": start + pd.Timedelta(hours=6),
        }
    )


def _home_facilities(rng: np.random.Generator, arguments: Arguments) -> pd.DataFrame:
    known = facilities(arguments)
    size = known["_size"].to_numpy() + np.where(known["facility_type"] == "clinic", 300.0, 20.0)
    first = np.arange(min(arguments.providers, len(known)))
    others = rng.choice(len(known), arguments.providers - len(first), p=size / size.sum())
    return known.iloc[np.concatenate([first, others])].reset_index(drop=True)


def _npi(first_nine: int) -> str:
    """Return the ten digits of an NPI: the tenth is the Luhn check digit under the prefix 80840."""
    digits = [int(digit) for digit in f"80840{first_nine}"]
    doubled = [sum(divmod(2 * digit, 10)) for digit in digits[::-2]]
    total = sum(doubled) + sum(digits[-2::-2])
    return f"{first_nine}{-total % 10}"
