"""What a hospital usually does for each of its outpatients: a lasting therapy for some, visits for most."""

import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.draws import hashes, pick_each, uniform
from datagenerator.money.services import HOSPITAL, dearness, services, suited


def usual_services(patients: pd.DataFrame, arguments: Arguments) -> pd.Series:
    """Return the procedure code of each patient's usual hospital service, by cost factor, sex and age.

    What is done once, leaving no further bills, is never usual. `patients` has `patient_id`, `_cost_factor`,
    `_sex` and `_birth`; age counts at the start of the extract.
    """
    rows = services()
    rows = rows[(rows["kind"] == HOSPITAL) & (rows["bills"] > 0)]
    age = ((pd.Timestamp(arguments.start) - patients["_birth"]).dt.days / DAYS_PER_YEAR).fillna(0).to_numpy()
    sex = patients["_sex"].to_numpy(object)
    weights = rows["weight"].to_numpy(float) * suited(age, sex, rows)
    weights = weights * dearness(patients["_cost_factor"], rows, arguments)
    share = uniform(hashes(patients["patient_id"]), arguments.seed, "usual service")
    code = rows["procedure_code"].to_numpy(object)[pick_each(weights, share)]
    return pd.Series(code, patients.index)


def bills(usual: pd.Series) -> pd.Series:
    """Return how many bills, relative to other patients', a visit leaves of who has such a usual service."""
    return usual.map(services()["bills"]).astype("float64")
