"""Claims that encounters may leave, with the course each would take, and the choice of those that exist."""

import math

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.blocks import Block, quota
from datagenerator.draws import Floats, exponential, hashes, pick, uniform
from datagenerator.money.payers import denial_codes, plans
from datagenerator.money.prices import CLAIM_WEIGHTS, HOSPITAL_OUTPATIENT_SHARE, INPATIENT, OUTPATIENT
from datagenerator.money.services import is_of_hospital
from datagenerator.money.usual import bills, usual_services
from datagenerator.periods import known_in
from datagenerator.world import figures

SUBMISSION_LAG_DAYS = 6.0
ADJUDICATION_LAG_DAYS = 13.0
CORRECTION_LAG_DAYS = 30.0
THERAPY_INTERVAL = pd.Timedelta(weeks=4)
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
    known = encounters.assign(_usual_service=usual_services(encounters, arguments))
    rows = known.loc[known.index.repeat(ranks)].reset_index(drop=True)
    rows["_rank"] = np.tile(np.arange(ranks), len(encounters))
    rows["_hash"] = hashes(rows["encounter_id"]) ^ (rows["_rank"].to_numpy(np.uint64) << np.uint64(40))
    weight = rows["_type"].map(CLAIM_WEIGHTS) * bills(rows["_usual_service"]).where(
        rows["_type"] == OUTPATIENT, 1
    )
    jitter = 0.9 * uniform(hashes(rows["encounter_id"]), arguments.seed, "claims of the encounter")
    rows["_score"] = (rows["_rank"] + jitter) / weight.to_numpy()
    rows = _with_form(rows, arguments.seed)
    rows = _with_service(rows, arguments)
    return _with_course(decided(submitted(rows, arguments.seed), arguments.seed), arguments.seed)


def _days(count: Floats, least: int, rows: pd.DataFrame) -> pd.Series:
    return pd.Series(pd.to_timedelta(np.floor(count).clip(0, 120) + least, unit="D"), rows.index)


def _with_form(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Add the form, and `_is_ancillary`: for tests, drugs, equipment and the like beside the visit itself."""
    institutional = uniform(rows["_hash"].to_numpy(), seed, "form") < HOSPITAL_OUTPATIENT_SHARE
    two = rows["_type"].isin(TWO_FORMS)
    rank, is_outpatient = rows["_rank"], rows["_type"] == OUTPATIENT
    main = np.where(two, rank == 0, is_outpatient & (rank > 0) & institutional)
    beside = (rank >= np.where(two, 2, 1)) & ~main & (rows["_type"] != INPATIENT)
    return rows.assign(claim_form=np.where(main, "institutional", "professional"), _is_ancillary=beside)


def _with_service(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Add the days of service; what a supplier elsewhere does (`_is_external`) comes some days later.

    So do further bills of a hospital's outpatient therapy: one every four weeks.
    """
    base, known = rows["_hash"].to_numpy(), figures(arguments.world, "billing")
    chance = uniform(base, arguments.seed, "external") < known["external_share"]
    external = rows["_is_ancillary"] & chance
    wait = exponential(base, arguments.seed, "days to the service", known["external_delay_days"])
    last = rows["discharged_at"].dt.normalize()
    series = is_of_hospital(rows) & (rows["_rank"] > 1)
    weeks = THERAPY_INTERVAL * (rows["_rank"] - 1).where(series, 0)
    later = last + _days(wait, 0, rows).where(external, weeks)
    moved = later.where(~(later > rows["_death"]), last)
    begun, is_later = rows["admitted_at"].dt.normalize(), external | series
    return rows.assign(
        _is_external=external,
        service_from=begun.mask(is_later, moved),
        service_to=last.mask(is_later, moved),
    )


def submitted(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Add days of submission, decision and correction, by `_hash`; offices are open from 8 to 18."""
    base = rows["_hash"].to_numpy()
    seconds = np.floor(28_800 + 36_000 * uniform(base, seed, "office hour"))
    opening = pd.Series(pd.to_timedelta(seconds, unit="s"), rows.index)
    wait = exponential(base, seed, "submission", SUBMISSION_LAG_DAYS)
    at = rows["service_to"] + _days(wait, 1, rows) + opening
    wait = exponential(base, seed, "decision", ADJUDICATION_LAG_DAYS)
    decision = at + _days(wait, 4, rows)
    wait = exponential(base, seed, "correction", CORRECTION_LAG_DAYS)
    return rows.assign(submitted_at=at, _decided=decision, _corrected=decision + _days(wait, 10, rows))


def decided(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Add whether the payer denies each claim, and why, by `_hash`."""
    base = rows["_hash"].to_numpy()
    percent = np.array([plan.denial_percent for plan in plans(rows["payer_id"])])
    denied = uniform(base, seed, "denial") * 100 < percent
    codes = np.array(denial_codes(), dtype=object)
    reason = codes[pick(base, seed, "denial reason", DENIAL_WEIGHTS[: len(codes)])]
    return rows.assign(_denied=denied, denial_code=pd.Series(reason, rows.index).where(denied, None))


def _with_course(rows: pd.DataFrame, seed: int) -> pd.DataFrame:
    fate = uniform(rows["_hash"].to_numpy(), seed, "course")
    replaced = fate < np.where(rows["_denied"], OVERTURNED_SHARE, CORRECTED_SHARE)
    voided = ~replaced & (fate > 1 - VOIDED_SHARE)
    return rows.assign(_course=np.select([replaced, voided], ["replace", "void"], "none"))


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
