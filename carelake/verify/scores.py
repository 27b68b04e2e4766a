"""Scores against the truth's own chances: how far each model is from what could be known at best.

Told on rows of patients that the model never saw (`is_held_out`). A model above the oracle, beyond chance,
knows what it should not: it leaks, and its check fails.
"""

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
import polars as pl

from carelake.registry import Registry
from carelake.verify.check import Check, compared, listed, not_checked, sentences
from carelake.verify.tables import LakeTables
from carelake.verify.truth import Truth

Array = npt.NDArray[np.float64]
TOP = 0.20
"""Share of patients that are high-cost."""
AUDITED = 0.02
"""Share of claims that auditors look at."""
DRAWS, INTERVAL = 200, (2.5, 97.5)
FEWEST = 50
"""Held-out rows below which no distance is told."""


def checks(tables: LakeTables, scored: Registry, truth: Truth | None, unknown: str) -> Iterator[Check]:
    """Check the scores of each model; `unknown` says why there is no `truth` to hold them against.

    A run does not score, so scores of before it are behind gold, not wrong.
    """
    for name, judge in JUDGES.items():
        check, table = f"scores/{name}", f"gold/score_{name}"
        if not tables.exists(table):
            yield not_checked(
                check, f"{table} is not built: `carelake train {name}`, then `carelake score {name}`"
            )
        elif newer := tables.newer_inputs(table, scored.contracts[table]):
            yield Check(check, "behind", detail=f"older than {listed(newer)}: run `carelake score {name}`")
        elif truth is None:
            yield not_checked(check, unknown)
        else:
            yield judge(check, tables, truth)


def auroc(score: Array, outcome: Array) -> float:
    """Return the chance that a row with the outcome has the higher score, ties counting half."""
    ranks = pl.Series(score).rank().to_numpy()
    positive = outcome > 0
    hits, others = int(positive.sum()), int((~positive).sum())
    return float((ranks[positive].sum() - hits * (hits + 1) / 2) / (hits * others))


def r2(predicted: Array, outcome: Array) -> float:
    """Return the share of the outcome's variance that a prediction explains."""
    return float(1 - ((outcome - predicted) ** 2).sum() / ((outcome - outcome.mean()) ** 2).sum())


def average_precision(score: Array, outcome: Array) -> float:
    """Return the mean precision at the rows with the outcome, from the highest score down."""
    hits = outcome[np.argsort(-score, kind="stable")] > 0
    precision = np.cumsum(hits) / np.arange(1, len(hits) + 1)
    return float(precision[hits].mean())


def _readmission(check: str, tables: LakeTables, truth: Truth) -> Check:
    stays = truth.stays().select("encounter_id", "readmitted_30d", "p_readmitted_30d")
    known = stays.filter(pl.col("readmitted_30d").is_in(["true", "false"])).select(
        "encounter_id",
        (pl.col("readmitted_30d") == "true").cast(pl.Float64).alias("outcome"),
        pl.col("p_readmitted_30d").cast(pl.Float64).alias("oracle"),
    )
    scores = tables.read("gold/score_readmission", "encounter_id", "patient_id", "is_held_out", "probability")
    return _against_oracle(
        check, known.join(scores, on="encounter_id", how="left"), "probability", auroc, "AUROC"
    )


def _length_of_stay(check: str, tables: LakeTables, truth: Truth) -> Check:
    oracle = truth.stays().select(
        "encounter_id", pl.col("expected_los_days").cast(pl.Float64).alias("oracle")
    )
    lengths = tables.read("gold/fact_stays", "encounter_id", "los_days").drop_nulls()
    known = oracle.join(lengths, on="encounter_id", how="inner").with_columns(
        pl.col("los_days").cast(pl.Float64).alias("outcome")
    )
    scores = tables.read(
        "gold/score_length_of_stay", "encounter_id", "patient_id", "is_held_out", "predicted_days"
    )
    return _against_oracle(
        check, known.join(scores, on="encounter_id", how="left"), "predicted_days", r2, "R²"
    )


def _high_cost(check: str, tables: LakeTables, truth: Truth) -> Check:
    oracle = truth.patients().select(
        "patient_id",
        pl.col("as_of").str.to_date(),
        pl.col("expected_cost_12m").cast(pl.Float64).alias("oracle"),
    )
    cost = tables.read("gold/outcome_high_cost", "patient_id", "as_of", "paid_next_12m")
    known = cost.join(oracle, on=["patient_id", "as_of"], how="inner").with_columns(
        (pl.col("paid_next_12m").rank("ordinal") > (1 - TOP) * pl.len()).cast(pl.Float64).alias("outcome")
    )
    scores = tables.read("gold/score_high_cost", "patient_id", "as_of", "is_held_out", "probability")
    return _against_oracle(
        check, known.join(scores, on=["patient_id", "as_of"], how="left"), "probability", auroc, "AUROC"
    )


def _claim_anomaly(check: str, tables: LakeTables, truth: Truth) -> Check:
    """Tell how much of the planted fraud is among the most suspicious claims; there is no oracle of it."""
    planted = truth.claims().select("claim_id", pl.col("fraud_scheme").replace("", None))
    claims = tables.read("gold/fact_claims", "claim_id").join(planted, on="claim_id", how="inner")
    scores = tables.read("gold/score_claim_anomaly", "claim_id", "anomaly_score")
    rows = claims.join(scores, on="claim_id", how="left")
    scored = rows.drop_nulls("anomaly_score").with_columns(
        top=pl.col("anomaly_score").rank("ordinal", descending=True) <= AUDITED * pl.len()
    )
    detail = _found(scored) if scored["fraud_scheme"].count() else "no fraud is planted"
    return compared(check, rows.height, rows.height - scored.height, 0, unit="claims", detail=detail)


def _found(scored: pl.DataFrame) -> str:
    """Say how well scores sort all claims by fraud, and what share of each scheme is in the `top`."""
    is_fraud = scored["fraud_scheme"].is_not_null().to_numpy()
    precision, base = average_precision(scored["anomaly_score"].to_numpy(), is_fraud), is_fraud.mean()
    fraud = scored.drop_nulls("fraud_scheme")
    schemes = fraud.group_by("fraud_scheme").agg(pl.col("top").mean()).sort("fraud_scheme")
    shares = ", ".join(f"{scheme} {caught:.2f}" for scheme, caught in schemes.rows())
    return (
        f"AUPRC {precision:.3f}, {precision / base:.0f} times the base rate; among the {AUDITED:.0%} most "
        f"suspicious claims: {fraud['top'].to_numpy().mean():.2f} of the planted fraud ({shares})"
    )


def _against_oracle(
    check: str, rows: pl.DataFrame, score: str, measure: Callable[[Array, Array], float], name: str
) -> Check:
    """Check that every row is scored, and that the scores are not better than the oracle beyond chance."""
    unscored = rows[score].null_count()
    unseen = rows.drop_nulls(score).filter("is_held_out")
    outcome, model, oracle = (
        unseen[column].to_numpy().astype(float) for column in ("outcome", score, "oracle")
    )
    if len(outcome) < FEWEST or outcome.min() == outcome.max():
        return compared(
            check, rows.height, unscored, 0, detail=f"{len(outcome)} rows held out: too few to tell"
        )
    gains = _gains(unseen["patient_id"].to_numpy(), lambda drawn: (
        measure(model[drawn], outcome[drawn]) - measure(oracle[drawn], outcome[drawn])
    ))  # fmt: skip
    low, high = np.percentile(gains, INTERVAL) if gains else (-np.inf, np.inf)
    leaks = bool(low > 0)
    reached, ceiling = measure(model, outcome), measure(oracle, outcome)
    detail = sentences(
        f"{name} {reached:.3f}, oracle {ceiling:.3f}, apart {reached - ceiling:.3f} ({low:.3f} to {high:.3f})"
        f" on {len(outcome):,} rows held out",
        "above the oracle beyond chance: a leak" if leaks else "",
    )
    return compared(check, rows.height, unscored, len(outcome) if leaks else 0, detail=detail)


def _gains(patients: npt.NDArray[np.str_], gain: Callable[[npt.NDArray[np.int64]], float]) -> list[float]:
    """Return a gain over samples of the patients, drawn again and again, where a draw defines it."""
    known, places = np.unique(patients, return_inverse=True)
    rows_of = np.split(np.argsort(places, kind="stable"), np.cumsum(np.bincount(places))[:-1])
    random = np.random.default_rng(1)
    with np.errstate(divide="ignore", invalid="ignore"):
        draws = (
            gain(np.concatenate([rows_of[one] for one in random.integers(len(known), size=len(known))]))
            for _ in range(DRAWS)
        )
        return [one for one in draws if np.isfinite(one)]


JUDGES = {
    "readmission": _readmission,
    "high_cost": _high_cost,
    "length_of_stay": _length_of_stay,
    "claim_anomaly": _claim_anomaly,
}
