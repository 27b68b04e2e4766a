"""Services billed beside a visit: tests, equipment and the like, and what a hospital does for outpatients."""

from functools import lru_cache

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.catalogue import table
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.draws import Floats, pick_each, uniform
from datagenerator.money.prices import INSTITUTIONAL, OUTPATIENT, TELEHEALTH
from datagenerator.world import figures

# What a supplier elsewhere does, and what is done at visits that are no office visits.
EXTERNAL = ("laboratory", "equipment", "supply", "imaging")
ACUTE = ("laboratory", "equipment", "supply")
REMOTE = ("laboratory", "equipment", "supply", "add_on")
HOSPITAL = "hospital"
# How much of what a hospital does for an outpatient is what it usually does for that patient.
USUAL_SHARE = 0.9
FITTING_PULL = 6.0


@lru_cache
def services() -> pd.DataFrame:
    """Return the catalogue of services, by code; the fee in dollars is that of the usual units."""
    return table("services").set_index("procedure_code", drop=False)


def codes_of(*kinds: str) -> list[str]:
    """Return the codes of some kinds of service."""
    rows = services()
    return list(rows.loc[rows["kind"].isin(kinds), "procedure_code"])


def with_services(claims: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Give claims beside a visit a service that fits, with units and `_service_fee` in dollars.

    Other claims keep theirs; their `_service_fee` is missing.
    """
    some, rows = claims[claims["_is_ancillary"] | is_of_hospital(claims)], services()
    base, seed = some["_hash"].to_numpy(), arguments.seed
    weights = _weights(some, rows) * dearness(some["_cost_factor"], rows, arguments)
    number = pick_each(weights, uniform(base, seed, "ancillary service"))
    code = pd.Series(rows["procedure_code"].to_numpy(object)[number], some.index)
    is_usual = is_of_hospital(some) & (uniform(base, seed, "is it usual") < USUAL_SHARE)
    code = code.mask(is_usual, some["_usual_service"])
    units = drawn_units(code, uniform(base, seed, "units of the service"))
    found = claims.assign(_service_fee=np.nan)
    found.loc[some.index, "procedure_code"] = code
    found.loc[some.index, "units"] = units
    found.loc[some.index, "_service_fee"] = service_fee(code, units)
    return found


def dearness(cost_factor: pd.Series, rows: pd.DataFrame, arguments: Arguments) -> Floats:
    """Return patients x services: how much likelier those with a high cost factor get what is dear.

    Only what hospitals do differs; tests, goods and the like fall to all alike.
    """
    pull: float = figures(arguments.world, "money")["dear_services"]
    fee = np.where(rows["kind"] == HOSPITAL, rows["fee"].astype(float), 1.0)
    weights: Floats = np.exp(pull * np.outer(np.log(cost_factor.fillna(1.0)), np.log(fee)))
    return weights


def drawn_units(code: pd.Series, draw: Floats) -> pd.Series:
    """Return units of services, from the least to the most that is usual; few are more likely than many."""
    known = services()
    least, most = (code.map(known[name]).to_numpy(float) for name in ("least_units", "most_units"))
    return pd.Series(least + np.floor((most - least + 1) * draw**2), code.index).astype("Int64")


def service_fee(code: pd.Series, units: pd.Series) -> pd.Series:
    """Return the fee of services in dollars: half of it goes with the units."""
    known = services()
    usual = code.map(known["least_units"] + known["most_units"]).astype(float) / 2
    return code.map(known["fee"]).astype(float) * (0.5 + 0.5 * units.astype(float) / usual)


def _weights(claims: pd.DataFrame, rows: pd.DataFrame) -> Floats:
    """Return claims x services: how likely each service is; none that the patient can't get."""
    age = ((claims["service_from"] - claims["_birth"]).dt.days / DAYS_PER_YEAR).fillna(0).to_numpy()
    sex, diagnosis = claims["_sex"].to_numpy(object), claims["diagnosis_code"].fillna("").astype(str)
    weights: Floats = rows["weight"].to_numpy(float) * suited(age, sex, rows)
    for number, row in enumerate(rows.itertuples(index=False)):
        fits = diagnosis.str.startswith(tuple(row.diagnosis.split()) or ("-",)).to_numpy(dtype=bool)
        weights[:, number] *= np.where(_is_done(claims, row.kind), np.where(fits, FITTING_PULL, 1.0), 0.0)
    return weights


def suited(age: Floats, sex: npt.NDArray[np.object_], rows: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """Return patients x services: whether a patient of that age (years) and sex can get the service."""
    only = rows["sex"].to_numpy(object)
    can: npt.NDArray[np.bool_] = age[:, None] >= rows["least_age"].to_numpy()
    return can & ((only == "") | (sex[:, None] == only))


def is_of_hospital(claims: pd.DataFrame) -> "pd.Series[bool]":
    """Tell which claims are a hospital's for what it did for an outpatient."""
    return (claims["_type"] == OUTPATIENT) & (claims["claim_form"] == INSTITUTIONAL)


def _is_done(claims: pd.DataFrame, kind: str) -> npt.NDArray[np.bool_]:
    """Tell at which claims' places a kind of service is given."""
    places = [is_of_hospital(claims), claims["_is_external"], claims["_type"] == OUTPATIENT]
    here = [kind == HOSPITAL, kind in EXTERNAL, kind != HOSPITAL]
    elsewhere = np.where(claims["_type"] == TELEHEALTH, kind in REMOTE, kind in ACUTE)
    return np.select(places, here, elsewhere).astype(bool)
