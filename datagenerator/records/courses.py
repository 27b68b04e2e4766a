"""How a treatment goes: for how long, whether it is given up, what it does; sicker patients fare worse."""

import numpy as np
import numpy.typing as npt
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.catalogue import reference
from datagenerator.clinical.population import DAYS_PER_YEAR
from datagenerator.draws import Floats, Hashes, exponential, hashes, pick, uniform
from datagenerator.world import figures

USUAL_SEVERITY = 2.0
# How much a step of severity and a unit of frailty add to the log odds of giving up and of getting worse.
SEVERITY_STOPS, FRAILTY_STOPS = 0.30, 0.20
SEVERITY_WORSENS, FRAILTY_WORSENS = 0.45, 0.30
STOP_REASONS = {
    "side_effects": 0.34,
    "not_effective": 0.26,
    "patient_choice": 0.20,
    "lost_to_follow_up": 0.12,
    "cost": 0.08,
}
# Share whose result nobody looks at again, by kind of protocol.
NOT_ASSESSED = {"course": 0.40, "programme": 0.15, "regimen": 0.05, "long_term": 0.0}
STOPPED_NOT_ASSESSED = 0.60
LONGEST = 40 * DAYS_PER_YEAR


def protocols() -> pd.DataFrame:
    """Return the protocols by code: condition, kind and planned days (missing where no end is planned)."""
    known = reference("treatment_protocols").set_index("protocol_code")
    return known.assign(planned_days=pd.to_numeric(known["planned_days"]))


def courses(rows: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return treatments with the course each would take if its patient lived on.

    `rows` have treatment_id, protocol_code, started_on, severity (1 to 4) and frailty. Added are condition,
    planned_end_on, ended_on, status, outcome and stop_reason.
    """
    known = protocols().reindex(rows["protocol_code"]).reset_index(drop=True)
    rows = rows.reset_index(drop=True).assign(condition=known["condition"])
    base, seed = hashes(rows["treatment_id"]), arguments.seed
    step = rows["severity"].to_numpy(float) - USUAL_SEVERITY
    frailty = rows["frailty"].to_numpy(float)
    planned = known["planned_days"].to_numpy(float)
    stops = SEVERITY_STOPS * step + FRAILTY_STOPS * frailty
    stopped, days = _length(base, planned, stops, arguments)
    worse = SEVERITY_WORSENS * step + FRAILTY_WORSENS * frailty
    reason = np.array(list(STOP_REASONS))[pick(base, seed, "reason to stop", list(STOP_REASONS.values()))]
    begun = rows["started_on"].to_numpy(dtype="datetime64[D]")
    return rows.assign(
        planned_end_on=_after(begun, planned),
        ended_on=_after(begun, np.maximum(np.rint(days), 1)),
        status=np.where(stopped, "discontinued", "completed"),
        stop_reason=pd.Series(reason, rows.index).where(stopped, None),
        outcome=_outcome(base, known["kind"], stopped, reason, worse, arguments),
    )


def _length(
    base: Hashes, planned: Floats, stops: Floats, arguments: Arguments
) -> tuple[npt.NDArray[np.bool_], Floats]:
    """Return which treatments are given up, and the days each lasts.

    What has no planned end is given up one day; `stops` are the log odds of that beside the usual ones.
    """
    seed, shares = arguments.seed, figures(arguments.world, "treatments")
    endless = np.isnan(planned)
    early = ~endless & (uniform(base, seed, "given up") < _logistic(shares["stopped_early"], stops))
    usual = exponential(base, seed, "stopped after", shares["years_on_long_term"] * DAYS_PER_YEAR)
    draw = uniform(base, seed, "share")
    share = np.where(early, 0.1 + 0.7 * draw, 0.97 + 0.2 * draw)
    days = np.where(endless, 14 + usual / np.exp(stops), planned * share)
    return early | endless, np.minimum(days, LONGEST)


def _outcome(
    base: Hashes,
    kind: pd.Series,
    stopped: np.ndarray,
    reason: np.ndarray,
    worse: Floats,
    arguments: Arguments,
) -> np.ndarray:
    """Draw how the patient is at the end; where nobody looked, that the treatment ended is all there is."""
    seed, shares = arguments.seed, figures(arguments.world, "treatments")
    draw = uniform(base, seed, "outcome")
    worsened = _logistic(shares["worsened"], worse)
    improved = (1 - worsened) * _logistic(shares["improved"] / (1 - shares["worsened"]), -worse / 2)
    found = np.select([draw < worsened, draw < worsened + improved], ["worsened", "improved"], "stable")
    found = np.where(stopped & (found == "improved") & (reason == "not_effective"), "stable", found)
    unseen = np.where(stopped, STOPPED_NOT_ASSESSED, kind.map(NOT_ASSESSED).to_numpy(float))
    not_assessed = (uniform(base, seed, "assessed") < unseen) & (reason != "not_effective")
    return np.where(not_assessed, np.where(stopped, "discontinued", "completed"), found)


def _logistic(share: float, shift: Floats) -> Floats:
    """Return a share moved on the logit scale."""
    return np.asarray(1 / (1 + (1 - share) / share * np.exp(-shift)), dtype=np.float64)


def _after(begun: np.ndarray, days: Floats) -> np.ndarray:
    """Return dates some days after others; no date where the number is missing."""
    whole = np.where(np.isnan(days), 0, days).astype("timedelta64[D]")
    return np.where(np.isnan(days), np.datetime64("NaT"), begun + whole).astype("datetime64[s]")
