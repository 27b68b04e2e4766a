"""Scores are held against the truth's own chances: a gap is told, a leak fails, a row left out is missing."""

import re
from datetime import date

import numpy as np
import polars as pl
import pytest
from deltalake import CommitProperties
from sklearn.metrics import r2_score, roc_auc_score

from carelake.states import Note
from carelake.tables import scores as score_contracts
from carelake.verify import scores
from carelake.verify.tables import LakeTables
from carelake.verify.truth import Truth

SCORED = score_contracts()
RANDOM = np.random.default_rng(5)
COUNT = 600
CHANCE = RANDOM.uniform(0.02, 0.6, COUNT)
BACK = RANDOM.uniform(size=COUNT) < CHANCE
NOISE = RANDOM.normal(0, 0.15, COUNT)
STAYS = [f"E{number}" for number in range(COUNT)]


@pytest.fixture
def lake(tmp_path):
    def of(**tables):
        for name, columns in tables.items():
            frame = pl.DataFrame(columns)
            frame.write_delta(str(tmp_path / "lake/gold" / name), mode="overwrite")
        return LakeTables(tmp_path / "lake")

    return of


@pytest.fixture
def truth(tmp_path):
    def of(**files):
        (tmp_path / "truth").mkdir()
        for name, columns in files.items():
            pl.DataFrame(columns).write_csv(tmp_path / "truth" / f"{name}.csv")
        return Truth(tmp_path / "truth", (".",))

    return of


def true_stays():
    return {
        "encounter_id": STAYS,
        "readmitted_30d": ["true" if back else "false" for back in BACK],
        "p_readmitted_30d": CHANCE,
        "expected_los_days": 1 + 10 * CHANCE,
    }


def readmission(probability, rows=COUNT, held_out=True):
    return {
        "encounter_id": STAYS[:rows],
        "patient_id": [f"P{number // 2}" for number in range(rows)],
        "is_held_out": [held_out] * rows,
        "probability": probability[:rows],
    }


def one(found, name):
    return next(check for check in found if check.name == f"scores/{name}")


def test_the_distance_from_the_oracle_is_told(lake, truth):
    tables = lake(score_readmission=readmission(np.clip(CHANCE + NOISE, 0, 1)))
    check = one(scores.checks(tables, SCORED, truth(stays=true_stays()), ""), "readmission")
    model = roc_auc_score(BACK, np.clip(CHANCE + NOISE, 0, 1))
    assert check.status == "ok"
    ceiling = roc_auc_score(BACK, CHANCE)
    told = f"AUROC {model:.3f}, oracle {ceiling:.3f}, apart {model - ceiling:.3f}"
    end = r"(-?\d\.\d{3})"
    pattern = rf"{re.escape(told)} \({end} to {end}\) on 600 rows held out"
    low, high = map(float, re.fullmatch(pattern, check.detail).groups())
    assert low < model - ceiling < high


def test_a_model_that_knows_the_outcome_fails(lake, truth):
    tables = lake(score_readmission=readmission(0.5 * CHANCE + 0.4 * BACK))
    check = one(scores.checks(tables, SCORED, truth(stays=true_stays()), ""), "readmission")
    assert check.status == "failed"
    assert "above the oracle beyond chance: a leak" in check.detail


def test_a_stay_without_a_score_is_missing(lake, truth):
    tables = lake(score_readmission=readmission(CHANCE, rows=590))
    check = one(scores.checks(tables, SCORED, truth(stays=true_stays()), ""), "readmission")
    assert (check.status, check.expected, check.missing) == ("failed", 600, 10)


def test_rows_of_training_tell_nothing(lake, truth):
    tables = lake(score_readmission=readmission(0.5 * CHANCE + 0.4 * BACK, held_out=False))
    check = one(scores.checks(tables, SCORED, truth(stays=true_stays()), ""), "readmission")
    assert (check.status, check.detail) == ("ok", "0 rows held out: too few to tell")


def test_lengths_are_held_against_the_expected_ones(lake, truth):
    days = np.maximum(np.rint(1 + 10 * CHANCE + 10 * NOISE), 1).astype(np.int32)
    scored = readmission(CHANCE)
    scored["predicted_days"] = 2 + 8 * scored.pop("probability")
    tables = lake(score_length_of_stay=scored, fact_stays={"encounter_id": STAYS, "los_days": days})
    check = one(scores.checks(tables, SCORED, truth(stays=true_stays()), ""), "length_of_stay")
    assert check.status == "ok"
    told = f"R² {r2_score(days, 2 + 8 * CHANCE):.3f}, oracle {r2_score(days, 1 + 10 * CHANCE):.3f}"
    assert check.detail.startswith(told)


def test_high_cost_is_judged_as_of_the_truths_day(lake, truth):
    day = date(2023, 12, 31)
    patients = [f"P{number}" for number in range(COUNT)]
    cost = 1000 * CHANCE * RANDOM.gamma(2, 1, COUNT)
    keys = {"patient_id": patients, "as_of": [day] * COUNT}
    tables = lake(
        outcome_high_cost=keys | {"paid_next_12m": cost},
        score_high_cost=keys | {"is_held_out": [True] * COUNT, "probability": np.clip(CHANCE + NOISE, 0, 1)},
    )
    told = {"patient_id": patients, "as_of": [day.isoformat()] * COUNT, "expected_cost_12m": 2000 * CHANCE}
    check = one(scores.checks(tables, SCORED, truth(patients=told), ""), "high_cost")
    top = cost >= np.sort(cost)[int(0.8 * COUNT)]
    assert check.status == "ok"
    assert f"oracle {roc_auc_score(top, CHANCE):.3f}, apart " in check.detail
    assert check.detail.endswith(" on 600 rows held out")


def test_planted_fraud_among_the_most_suspicious_claims_is_told_by_scheme(lake, truth):
    claims = [f"C{number}" for number in range(100)]
    schemes = {0: "upcoding", 1: "phantom", 50: "upcoding"}
    suspicion = [1.0 - number / 100 for number in range(100)]
    tables = lake(
        fact_claims={"claim_id": claims}, score_claim_anomaly={"claim_id": claims, "anomaly_score": suspicion}
    )
    told = {"claim_id": claims, "fraud_scheme": [schemes.get(number, "") for number in range(100)]}
    check = one(scores.checks(tables, SCORED, truth(claims=told), ""), "claim_anomaly")
    assert check.detail == (
        "AUPRC 0.686, 23 times the base rate; "
        "among the 2% most suspicious claims: 0.67 of the planted fraud (phantom 1.00, upcoding 0.50)"
    )


def test_without_scores_or_truth_nothing_is_checked(lake):
    found = list(
        scores.checks(lake(score_readmission=readmission(CHANCE)), SCORED, None, "there is no truth")
    )
    assert {check.status for check in found} == {"not_checked"}
    assert one(found, "readmission").detail == "there is no truth"
    assert one(found, "high_cost").detail.endswith(
        "`carelake train high_cost`, then `carelake score high_cost`"
    )


def test_scores_of_other_rows_than_gold_holds_now_are_behind_and_not_judged(tmp_path):
    def make(name, **inputs):
        note = CommitProperties(custom_metadata={"userMetadata": Note("run", "contract", inputs).text()})
        frame = pl.DataFrame(readmission(CHANCE, rows=590))
        options = {"commit_properties": note}
        frame.write_delta(str(tmp_path / "gold" / name), mode="overwrite", delta_write_options=options)

    def status():
        found = one(scores.checks(LakeTables(tmp_path), SCORED, None, "no truth"), "readmission")
        return found.status, found.detail

    make("features_readmission")
    make("score_readmission", **{"gold/features_readmission": "contract:0"})
    assert status() == ("not_checked", "no truth")
    make("features_readmission")
    newer = "older than gold/features_readmission: run `carelake score readmission`"
    assert status() == ("behind", newer)
    make("score_readmission", **{"gold/features_readmission": "contract:1"})
    assert status() == ("not_checked", "no truth")
