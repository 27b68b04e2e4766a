"""Ancillary services: tests, supplies, equipment and the like that claims bill beside a visit."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.catalogue import table
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.draws import Floats, uniform
from datagenerator.money.prices import OUTPATIENT

# What a supplier elsewhere does, and what is done at visits that are no office visits.
EXTERNAL = ("laboratory", "equipment", "supply", "imaging")
ACUTE = ("laboratory", "equipment", "supply")
REMOTE = ("laboratory", "equipment", "supply", "add_on")
FITTING_PULL = 6.0


@lru_cache
def services() -> pd.DataFrame:
    """Return the catalogue of ancillary services, by code; fees relative to their weighted mean."""
    rows = table("ancillary_services").set_index("procedure_code", drop=False)
    mean = np.average(rows["relative_fee"], weights=rows["weight"])
    return rows.assign(relative_fee=rows["relative_fee"] / mean)


def codes_of(*kinds: str) -> list[str]:
    """Return the codes of some kinds of service."""
    rows = services()
    return list(rows.loc[rows["kind"].isin(kinds), "procedure_code"])


def with_services(claims: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Give ancillary claims a service that fits patient, diagnosis and place, with units and `_service_fee`.

    Other claims keep theirs; their `_service_fee` is missing.
    """
    ancillary = claims["_is_ancillary"]
    some, rows = claims[ancillary], services()
    base = some["_hash"].to_numpy()
    upto = np.cumsum(_weights(some, rows), axis=1)
    share = uniform(base, seed, "ancillary service") * upto[:, -1]
    number = np.minimum((upto <= share[:, None]).sum(axis=1), len(rows) - 1)
    code = pd.Series(rows["procedure_code"].to_numpy(object)[number], some.index)
    units = drawn_units(code, uniform(base, seed, "units of the service"))
    found = claims.assign(_service_fee=np.nan)
    found.loc[some.index, "procedure_code"] = code
    found.loc[some.index, "units"] = units
    found.loc[some.index, "_service_fee"] = service_fee(code, units)
    return found


def drawn_units(code: pd.Series, draw: Floats) -> pd.Series:
    """Return units of services, from one up to the most that is usual; few are more likely than many."""
    most = code.map(services()["most_units"]).to_numpy(float)
    return pd.Series(1 + np.floor(most * draw**2).astype(int), code.index).astype("Int64")


def service_fee(code: pd.Series, units: pd.Series) -> pd.Series:
    """Return the fee of services relative to the mean of all: half of it goes with the units."""
    known = services()
    typical = (1 + code.map(known["most_units"]).astype(float)) / 2
    return code.map(known["relative_fee"]).astype(float) * (0.5 + 0.5 * units.astype(float) / typical)


def _weights(claims: pd.DataFrame, rows: pd.DataFrame) -> Floats:
    """Return claims x services: how likely each service is; none that the patient can't get."""
    age = ((claims["service_from"] - claims["_birth"]).dt.days / DAYS_PER_YEAR).fillna(0).to_numpy()
    sex, diagnosis = claims["_sex"].to_numpy(object), claims["diagnosis_code"].fillna("").astype(str)
    weights = np.tile(rows["weight"].to_numpy(float), (len(claims), 1))
    for number, row in enumerate(rows.itertuples(index=False)):
        fits = diagnosis.str.startswith(tuple(row.diagnosis.split()) or ("-",)).to_numpy(dtype=bool)
        can = (age >= row.least_age) & ((row.sex == "") | (sex == row.sex)) & _is_done(claims, row.kind)
        weights[:, number] *= np.where(can, np.where(fits, FITTING_PULL, 1.0), 0.0)
    return weights


def _is_done(claims: pd.DataFrame, kind: str) -> npt.NDArray[np.bool_]:
    """Tell at which claims' places a kind of service is given."""
    visit = np.where(
        claims["_type"] == OUTPATIENT,
        True,
        np.where(claims["_type"] == "telehealth", kind in REMOTE, kind in ACUTE),
    )
    return np.where(claims["_is_external"], kind in EXTERNAL, visit).astype(bool)
