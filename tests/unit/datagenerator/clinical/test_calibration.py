"""The world measured: rates as asked, true probabilities that are true, signal and noise as in life."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block
from datagenerator.clinical.clock import DAY, clock
from datagenerator.clinical.pilot import index_stays, log_of, world_of
from datagenerator.clinical.state import UNPLANNED_RETURN

SIZE = 6_000


def simulated(rate: float) -> pd.DataFrame:
    """Return the index stays of some patients with the outcome `back`: an unplanned return within 30 days."""
    arguments = replace(Arguments(), patients=SIZE, encounters=5 * SIZE, seed=77, readmission_rate=rate)
    world = world_of(arguments, Block(0, 0, SIZE), clock(arguments, 0))
    stays, _ = log_of(world)
    following = stays.sort_values(["patient", "admitted"]).groupby("patient").shift(-1)
    days = following["admitted"] // DAY - stays["discharged"] // DAY
    stays["back"] = (days <= 30) & (following["kind"] == UNPLANNED_RETURN)
    return index_stays(world, stays)


@pytest.fixture(scope="module")
def stays() -> pd.DataFrame:
    return simulated(0.15)


def auroc(outcome: np.ndarray, score: np.ndarray) -> float:
    rank = pd.Series(score).rank().to_numpy()
    positive = outcome.sum()
    return (rank[outcome].sum() - positive * (positive + 1) / 2) / positive / (len(outcome) - positive)


@pytest.mark.parametrize("rate", [0.05, 0.15, 0.30])
def test_readmissions_come_at_the_rate_asked_for(rate, stays):
    stays = stays if rate == 0.15 else simulated(rate)
    # Patients come back again and again, so stays are not independent: allow for half as many.
    error = 3 * np.sqrt(2 * rate * (1 - rate) / len(stays))
    assert stays["back"].mean() == pytest.approx(rate, abs=error)


def test_the_true_chance_is_true_at_every_level(stays):
    fifths = pd.qcut(stays["p_readmitted"], 5)
    groups = stays.groupby(fifths, observed=True)
    expected, found = groups["p_readmitted"].mean(), groups["back"].mean()
    error = np.sqrt(expected * (1 - expected) / groups.size())
    assert (np.abs(found - expected) < 3.5 * error).all()


def test_the_oracle_tells_readmissions_apart_as_well_as_in_life(stays):
    assert 0.73 < auroc(stays["back"].to_numpy(), stays["p_readmitted"].to_numpy()) < 0.80


def test_the_chance_shows_through_what_is_recorded(stays):
    recorded = stays["prior_admissions"] + np.log(stays["los"]) + (stays["unit"] == "icu")
    assert recorded.rank().corr(stays["p_readmitted"].rank()) > 0.4


def test_length_of_stay_is_as_expected_on_admission(big):
    stays = big.stays[big.stays["discharged_at"] < "2024-12-01"]
    los, expected = stays["los"], stays["expected_los_days"]
    assert los.mean() == pytest.approx(expected.mean(), rel=0.06)
    assert 4.2 < los.mean() < 5.1
    explained = 1 - ((los - expected) ** 2).sum() / ((los - los.mean()) ** 2).sum()
    assert 0.35 < explained < 0.55


def test_the_mix_of_encounters_is_believable(big):
    mix = big.encounters.drop_duplicates("encounter_id")["encounter_type"].value_counts(normalize=True)
    assert 1 / 6 < mix["inpatient"] < 0.205
    assert 0.10 < mix["emergency"] < 0.20
    assert mix["outpatient"] > mix["telehealth"] > mix["observation"] > 0.01


def test_patients_are_aged_and_ill_as_asked(big):
    first = big.patients.drop_duplicates("patient_id")
    age = (pd.Timestamp("2023-07-01") - first["birth_date"]).dt.days / 365.25
    assert 53 < age.mean() < 57
    assert 17.5 < age.std() < 20.5
    old = set(first.loc[age > 75, "patient_id"])
    failing = set(big.registry.loc[big.registry["condition"] == "heart_failure", "patient_id"])
    assert len(failing & old) / len(old) > 3 * len(failing - old) / (len(first) - len(old))


def test_high_cost_patients_are_as_many_as_asked_and_frailer(big):
    costly = big.people["is_high_cost"]
    assert costly.mean() == pytest.approx(0.20, abs=0.03)
    assert big.people.loc[costly, "frailty"].mean() > big.people.loc[~costly, "frailty"].mean() + 0.5


@pytest.mark.parametrize("kind", ["inpatient", "emergency", "outpatient"])
def test_expected_encounters_match_those_that_came(big, kind):
    people = big.people.dropna(subset=[f"rate_{kind}"]).set_index("patient_id")
    rows = big.encounters[big.encounters["admitted_at"] >= people["as_of"].iloc[0]]
    rows = rows[rows["encounter_type"] == kind]
    came = rows.groupby("patient_id")["encounter_id"].nunique().reindex(people.index).fillna(0)
    expected = people[f"rate_{kind}"]
    assert came.sum() == pytest.approx(expected.sum(), rel=0.15)
    assert came[expected > expected.median()].mean() > 1.5 * came[expected <= expected.median()].mean()
