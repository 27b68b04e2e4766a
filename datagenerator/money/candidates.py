"""Claims that encounters may leave, with the course each would take, and the choice of those that exist."""

import math

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block, quota
from datagenerator.draws import Floats, exponential, hashes, pick, uniform
from datagenerator.money.payers import denial_codes, plans
from datagenerator.money.prices import CLAIM_WEIGHTS, HOSPITAL_OUTPATIENT_SHARE
from datagenerator.periods import known_in

SUBMISSION_LAG_DAYS = 6.0
ADJUDICATION_LAG_DAYS = 13.0
CORRECTION_LAG_DAYS = 30.0
# Claims of one encounter; its claim numbers have room for as many and for what fraud adds.
MOST_CLAIMS = 99
CORRECTED_SHARE = 0.025
OVERTURNED_SHARE = 0.3
VOIDED_SHARE = 0.005
# How often each reason is given, in the order of the reference table.
DENIAL_WEIGHTS = (3.0, 6.0, 3.0, 2.0, 2.0, 1.0, 4.0, 3.0, 2.0, 1.0, 5.0)
TWO_FORMS = ("inpatient", "emergency", "observation")
ROWS_OF = {"none": 0, "void": 1, "replace": 2}


def candidates(encounters: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return every claim the encounters could leave, best first chosen by the smallest `_score`.

    `_rank` numbers the claims of an encounter; `_course` says what follows the first decision: none, void or
    replace.
    """
    ranks = min(math.ceil(3 * arguments.claims / max(arguments.encounters, 1)) + 3, MOST_CLAIMS)
    rows = encounters.loc[encounters.index.repeat(ranks)].reset_index(drop=True)
    rows["_rank"] = np.tile(np.arange(ranks), len(encounters))
    rows["_hash"] = hashes(rows["encounter_id"]) ^ (rows["_rank"].to_numpy(np.uint64) << np.uint64(40))
    weight = rows["_type"].map(CLAIM_WEIGHTS).to_numpy()
    jitter = 0.9 * uniform(hashes(rows["encounter_id"]), arguments.seed, "claims of the encounter")
    rows["_score"] = (rows["_rank"] + jitter) / weight
    return _courses(_times(rows, arguments.seed), arguments.seed)


def _days(count: Floats, least: int) -> pd.Series:
    return pd.to_timedelta(np.floor(count).clip(0, 120) + least, unit="D").to_series(index=range(len(count)))


def _times(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Add days of service, submission, decision and correction; offices are open from 8 to 18."""
    base = rows["_hash"].to_numpy()
    rows["service_from"] = rows["admitted_at"].dt.normalize()
    rows["service_to"] = rows["discharged_at"].dt.normalize()
    opening = pd.to_timedelta(np.floor(28_800 + 36_000 * uniform(base, seed, "office hour")), unit="s")
    wait = exponential(base, seed, "submission", SUBMISSION_LAG_DAYS)
    rows["submitted_at"] = rows["service_to"] + _days(wait, 1) + opening
    wait = exponential(base, seed, "decision", ADJUDICATION_LAG_DAYS)
    rows["_decided"] = rows["submitted_at"] + _days(wait, 4)
    wait = exponential(base, seed, "correction", CORRECTION_LAG_DAYS)
    rows["_corrected"] = rows["_decided"] + _days(wait, 10)
    return rows


def _courses(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    base = rows["_hash"].to_numpy()
    percent = np.array([plan.denial_percent for plan in plans(rows["payer_id"])])
    denied = uniform(base, seed, "denial") * 100 < percent
    codes = np.array(denial_codes(), dtype=object)
    reason = codes[pick(base, seed, "denial reason", DENIAL_WEIGHTS[: len(codes)])]
    fate = uniform(base, seed, "course")
    replaced = fate < np.where(denied, OVERTURNED_SHARE, CORRECTED_SHARE)
    voided = ~replaced & (fate > 1 - VOIDED_SHARE)
    institutional = uniform(base, seed, "form") < HOSPITAL_OUTPATIENT_SHARE
    two = rows["_type"].isin(TWO_FORMS)
    main = np.where(two, rows["_rank"] == 0, (rows["_rank"] == 1) & institutional)
    return rows.assign(
        _denied=denied,
        denial_code=pd.Series(reason, rows.index).where(denied, None),
        _course=np.select([replaced, voided], ["replace", "void"], "none"),
        claim_form=np.where(main, "institutional", "professional"),
    )


def chosen(
    rows: pd.DataFrame, arguments: Arguments, block: Block, deliveries: int, reserved: int
) -> pd.DataFrame:
    """Return the originals that exist: in the initial extract, exactly the block's quota less `reserved`.

    A claim that would be corrected within the initial extract takes the places of its correction rows too;
    where that would overshoot, its course is dropped. Later months keep the density of the initial extract.
    """
    rows = rows.assign(_submitted=known_in(rows["submitted_at"], arguments, deliveries))
    rows["_submitted"] = rows["_submitted"].clip(lower=rows["_known"])
    rows["_correction"] = known_in(rows["_corrected"], arguments, deliveries)
    rows = rows.sort_values(["_score", "encounter_id"], kind="stable")
    initial = rows[rows["_submitted"] == 0]
    places = 1 + initial["_course"].map(ROWS_OF).where(initial["_correction"] == 0, 0)
    total = quota(arguments.claims, arguments, block) - reserved
    upto = int((places.cumsum() <= total).sum())
    rest = total - int(places.iloc[:upto].sum())
    taken = initial.iloc[: upto + rest].copy()
    taken.loc[taken.index[upto:], "_course"] = "none"
    cut = taken["_score"].max() if len(taken) else -1.0
    later = rows[(rows["_submitted"] > 0) & (rows["_submitted"] <= deliveries) & (rows["_score"] <= cut)]
    return pd.concat([taken, later]).sort_values(["encounter_id", "_rank"]).reset_index(drop=True)
