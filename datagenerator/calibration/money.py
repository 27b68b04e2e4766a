"""What care costs: concentration, persistence, denials, delays, cover."""

from collections.abc import Callable

import numpy as np
import polars as pl

from datagenerator.calibration.extract import Extract
from datagenerator.calibration.statistics import mean, median, ratio
from datagenerator.money.payers import payer_classes

ORIGINAL = pl.col("claim_version") == "original"
DECIDED = pl.col("claim_status").is_in(["paid", "denied"])


def yearly_cost(extract: Extract, year: int) -> pl.DataFrame:
    """Return each patient's allowed dollars of a calendar year; patients alive all year, nought included."""
    there = extract.patients.filter((pl.col("death_date").dt.year() > year).fill_null(value=True))
    spent = extract.claims.filter(pl.col("service_from").dt.year() == year)
    spent = spent.group_by("patient_id").agg(pl.col("allowed_amount").sum().alias("cost"))
    return there.select("patient_id").join(spent, on="patient_id", how="left").fill_null(0.0)


def _last_whole_years(extract: Extract) -> tuple[int, int]:
    last = extract.arguments.end.year
    return last - 1, last


def _top(share: float) -> Callable[[Extract], float]:
    """Share of a year's cost that falls to the costliest share of patients."""

    def concentration(extract: Extract) -> float:
        cost = np.sort(yearly_cost(extract, _last_whole_years(extract)[1])["cost"].to_numpy())[::-1]
        return float(cost[: round(share * len(cost))].sum() / cost.sum())

    return concentration


def _persistence(extract: Extract) -> float:
    """Share of the top tenth of a year who are in the top tenth of the next year too."""
    before, after = (yearly_cost(extract, year) for year in _last_whole_years(extract))
    both = before.join(after, on="patient_id", how="inner", suffix="_next")
    tenth = max(both.height // 10, 1)
    first = set(both.top_k(tenth, by="cost")["patient_id"])
    return len(first & set(both.top_k(tenth, by="cost_next")["patient_id"])) / tenth


def _denied(extract: Extract) -> float:
    decided = extract.claims.filter(ORIGINAL, DECIDED)
    return mean(decided["claim_status"] == "denied")


def _days_to_pay(extract: Extract) -> float:
    """Median days from service to decision."""
    decided = extract.claims.filter(ORIGINAL, DECIDED)
    days = decided.select((pl.col("adjudicated_at").dt.date() - pl.col("service_to")).dt.total_days())
    return median(days.to_series())


def _uninsured(extract: Extract) -> float:
    nobody = [payer for payer, kind in payer_classes().items() if kind == "uninsured"]
    return mean(extract.patients["payer_id"].is_in(nobody))


def _markup(extract: Extract) -> float:
    """Billed over allowed dollars of paid claims."""
    paid = extract.claims.filter(ORIGINAL, pl.col("claim_status") == "paid")
    return ratio(paid["billed_amount"], paid["allowed_amount"])


def _patient_share(extract: Extract) -> float:
    """What patients owe of the allowed dollars."""
    paid = extract.claims.filter(ORIGINAL, pl.col("claim_status") == "paid")
    return ratio(paid["patient_amount"], paid["allowed_amount"])


def allowed(extract: Extract, kind: str, form: str, code: str = "") -> pl.Series:
    """Return allowed dollars of paid originals by type of their encounter, form and, if told, procedure."""
    encounters = extract.encounters.select("encounter_id", "encounter_type")
    paid = extract.claims.filter(ORIGINAL, pl.col("claim_status") == "paid", pl.col("claim_form") == form)
    of_kind = paid.join(encounters, on="encounter_id", how="inner").filter(pl.col("encounter_type") == kind)
    return (of_kind.filter(pl.col("procedure_code") == code) if code else of_kind)["allowed_amount"]


def _mean_allowed(kind: str) -> Callable[[Extract], float]:
    """Mean allowed dollars of a hospital's claim for a type of encounter."""
    return lambda extract: mean(allowed(extract, kind, "institutional"))


def _median_allowed(form: str, code: str) -> Callable[[Extract], float]:
    """Median allowed dollars of a service of outpatient visits."""
    return lambda extract: median(allowed(extract, "outpatient", form, code))


def _stay_over_outpatient(extract: Extract) -> float:
    outpatient = mean(allowed(extract, "outpatient", "institutional"))
    return mean(allowed(extract, "inpatient", "institutional")) / (outpatient or 1.0)


def _fraud(extract: Extract) -> float:
    """Share of planted claims less the rate asked for, in percentage points."""
    planted = extract.truth("claims")
    share = mean(planted["fraud_scheme"].is_not_null())
    return 100 * (share - extract.arguments.fraud_rate)


MARGINALS: dict[str, Callable[[Extract], float]] = {
    "cost_top_1_percent": _top(0.01),
    "cost_top_5_percent": _top(0.05),
    "cost_top_10_percent": _top(0.10),
    "cost_persistence": _persistence,
    "stay_allowed": _mean_allowed("inpatient"),
    "emergency_allowed": _mean_allowed("emergency"),
    "observation_allowed": _mean_allowed("observation"),
    "visit_allowed": _median_allowed("professional", "G0463"),
    "test_allowed": _median_allowed("professional", "G0103"),
    "hospital_visit_allowed": _median_allowed("institutional", "G0463"),
    "stay_over_outpatient": _stay_over_outpatient,
    "denied": _denied,
    "days_to_decision": _days_to_pay,
    "uninsured": _uninsured,
    "billed_over_allowed": _markup,
    "patient_share": _patient_share,
    "fraud_less_asked": _fraud,
}
