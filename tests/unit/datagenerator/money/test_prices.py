"""What services cost: the same service the same fee, whoever the patient; dear therapies for some."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.money.prices import fees, mean_visit_fee
from datagenerator.money.services import HOSPITAL, service_fee, services
from datagenerator.money.usual import bills, usual_services


def claim(kind, form, rank, code=None, **other):
    usual = {"_service_fee": np.nan, "_drg_weight": np.nan, "_severity": 0.0}
    return {"_type": kind, "claim_form": form, "_rank": rank, "procedure_code": code, **usual, **other}


def test_stays_are_paid_by_weight_visits_by_level_and_services_by_what_they_are():
    claims = pd.DataFrame(
        [
            claim("inpatient", "institutional", 0, "0SR90J9", _drg_weight=2.0),
            claim("inpatient", "institutional", 0, _drg_weight=1.0),
            claim("emergency", "institutional", 0, "G0384"),
            claim("emergency", "professional", 1, "G0384"),
            claim("outpatient", "professional", 0, "G0463"),
            claim("outpatient", "professional", 2, "G0103", _service_fee=19.0),
        ]
    )
    heavy, light, hospital, physician, visit, test = fees(claims)
    assert heavy == pytest.approx(2 * light)
    assert light > hospital > physician > visit > test == 19.0


def test_a_worse_stay_of_the_same_group_is_dearer():
    mild, bad = fees(pd.DataFrame([claim("inpatient", "institutional", 0, _severity=s) for s in (-1.0, 1.0)]))
    assert bad > mild


def test_the_mean_fee_of_a_kind_of_visit_lies_between_its_levels():
    assert 200 < mean_visit_fee("emergency", "institutional") < 1370


def test_half_of_a_fee_goes_with_the_units():
    code = pd.Series(["G0108", "G0108"])
    few, many = service_fee(code, pd.Series([1, 4]))
    assert (few, many) == (pytest.approx(150 * (0.5 + 0.5 / 2.5)), pytest.approx(150 * (0.5 + 0.5 * 4 / 2.5)))


def patients(count, factor, sex="M", born=date(1960, 1, 1)):
    return pd.DataFrame(
        {
            "patient_id": [f"P{number:08}" for number in range(count)],
            "_cost_factor": factor,
            "_sex": sex,
            "_birth": pd.Timestamp(born),
        }
    )


def test_dear_therapies_fall_to_patients_with_a_high_cost_factor():
    fee = services()["fee"]
    means = [usual_services(patients(2_000, f), Arguments()).map(fee).mean() for f in (0.5, 1.0, 3.0)]
    assert means[0] < means[1] < means[2]


def test_the_usual_service_is_the_patients_own_and_suits_age_and_sex():
    some = patients(2_000, 3.0, sex="F", born=date(2010, 1, 1))
    found = usual_services(some, Arguments())
    assert found.iloc[::-1].equals(usual_services(some.iloc[::-1], Arguments()))
    rows = services().loc[found.unique()]
    assert set(rows["kind"]) == {HOSPITAL}
    assert (rows["least_age"] <= 14).all()
    assert not (rows["sex"] == "M").any()
    assert (bills(found) > 0).all(), "what is done once is nobody's usual service"
