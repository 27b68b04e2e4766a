"""How much of what happens could be known: the truth's own chances and expectations against what happened."""

from collections.abc import Callable

import numpy as np
import polars as pl

from datagenerator.calibration.extract import Extract


def area_under_curve(outcome: np.ndarray, score: np.ndarray) -> float:
    """Return the AUROC: the chance that a case scores above a control (Mann and Whitney), ties half."""
    rank = pl.Series(score).rank().to_numpy()
    cases = outcome.sum()
    return float((rank[outcome].sum() - cases * (cases + 1) / 2) / cases / (len(outcome) - cases))


def explained(outcome: np.ndarray, expected: np.ndarray) -> float:
    """Return R²: the share of the variance that the expectation explains."""
    return float(1 - ((outcome - expected) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())


def _readmission(extract: Extract) -> float:
    stays = extract.truth("stays").filter(pl.col("stay_class") == "index").drop_nulls("readmitted_30d")
    return area_under_curve(stays["readmitted_30d"].to_numpy(), stays["p_readmitted_30d"].to_numpy())


def _length_of_stay(extract: Extract) -> float:
    expected = extract.truth("stays").select("encounter_id", "expected_los_days")
    stays = extract.stays.join(expected, on="encounter_id", how="inner")
    return explained(stays["los_days"].to_numpy().astype(float), stays["expected_los_days"].to_numpy())


def _cost(extract: Extract) -> float:
    expected = extract.truth("patients")
    as_of = expected["as_of"].str.to_date()[0]
    ahead = extract.claims.filter(pl.col("service_from") > as_of)
    paid = ahead.group_by("patient_id").agg(pl.col("paid_amount").sum().alias("paid"))
    both = expected.join(paid, on="patient_id", how="left").with_columns(pl.col("paid").fill_null(0.0))
    return explained(both["paid"].to_numpy(), both["expected_cost_12m"].to_numpy())


MARGINALS: dict[str, Callable[[Extract], float]] = {
    "readmission_auroc": _readmission,
    "los_explained": _length_of_stay,
    "cost_explained": _cost,
}
