"""Coverage spans, as payers know them, from the payers in the patients' recorded versions."""

from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import pandas as pd

from datagenerator.arguments import Arguments
from datagenerator.draws import Hashes, hashes, pick, uniform
from datagenerator.money.payers import PLANS, payer_classes

GAP_SHARE = 0.12
OVERLAP_SHARE = 0.05
DUAL_SHARE = {"medicare": 0.17, "medicare_advantage": 0.15}
LONGEST_GAP_DAYS = 150
OVERLAP_DAYS = 31
COLUMNS = [
    "enrollment_id",
    "patient_id",
    "payer_id",
    "plan_type",
    "member_id",
    "coverage_start",
    "coverage_end",
    "is_dual_eligible",
    "updated_at",
    "_known",
]


@dataclass
class _Span:
    number: int
    payer: str
    start: pd.Timestamp
    opened: tuple[pd.Timestamp, int]


def enrollment(patients: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return all images of the coverage spans: open when recorded, once more when their end is known.

    A change of payer ends one span and begins the next; for some patients with a gap between the two, for a
    few with an overlap. Changes recorded out of order leave the payers' own books alone.
    """
    ordered = patients.sort_values(["patient_id", "recorded_at", "effective_date"], kind="stable")
    ordered = ordered.drop_duplicates(["patient_id", "effective_date", "recorded_at"])
    names = ["patient_id", "effective_date", "updated_at", "payer_id", "death_date", "_known"]
    base = pd.Series(hashes(ordered["patient_id"]), index=ordered.index)
    slack = _slack(base.to_numpy(), arguments.seed)
    rows: list[tuple[object, ...]] = []
    for patient, versions in ordered[names].assign(_slack=slack).groupby("patient_id", sort=True):
        rows.extend(_spans(str(patient), versions))
    return _described(pd.DataFrame(rows, columns=_RAW), arguments.seed)


_RAW = ["patient_id", "_number", "payer_id", "coverage_start", "coverage_end", "updated_at", "_known"]


def _slack(base: Hashes, seed: int) -> np.ndarray:
    """Return the days between two spans of a patient: more than 0 is a gap, less an overlap."""
    kind = uniform(base, seed, "coverage gap")
    length = np.floor(LONGEST_GAP_DAYS * uniform(base, seed, "gap length")).astype(int) + 5
    return np.select([kind < GAP_SHARE, kind > 1 - OVERLAP_SHARE], [length, -OVERLAP_DAYS], 0)


def _spans(patient: str, versions: pd.DataFrame) -> list[tuple[object, ...]]:
    """Return the span images of one patient, whose versions come in the order of recording."""
    rows: list[tuple[object, ...]] = []
    span: _Span | None = None
    for version in versions.itertuples(index=False):
        known = (version.updated_at, version[5])
        if span is None:
            span = _Span(1, version.payer_id, version.effective_date, known)
            rows.append((patient, 1, span.payer, span.start, pd.NaT, *known))
        elif version.payer_id != span.payer and version.effective_date > span.start + timedelta(days=60):
            ending = version.effective_date - timedelta(days=1)
            early = timedelta(days=max(int(version[6]), 0))
            late = timedelta(days=max(-int(version[6]), 0))
            end = max(ending - early, span.start) + late
            rows.append((patient, span.number, span.payer, span.start, end, *known))
            span = _Span(span.number + 1, version.payer_id, version.effective_date, known)
            rows.append((patient, span.number, span.payer, span.start, pd.NaT, *known))
        if pd.notna(version.death_date) and span.start <= version.death_date:
            rows.append((patient, span.number, span.payer, span.start, version.death_date, *known))
    return rows


def _described(spans: pd.DataFrame, seed: int) -> pd.DataFrame:
    """Add numbers, product and dual eligibility; of the images of a span known together the last remains."""
    spans = spans.drop_duplicates(["patient_id", "_number", "_known"], keep="last")
    number = spans["_number"].astype(str).str.zfill(2)
    base = hashes(spans["patient_id"] + number)
    classes = spans["payer_id"].map(payer_classes()).fillna("uninsured")
    products = [PLANS[name].plan_types for name in classes]
    choice = pick(base, seed, "product", [1.0] * 6)
    spans["plan_type"] = [types[n % len(types)] for types, n in zip(products, choice, strict=True)]
    person = hashes(spans["patient_id"])
    dual = uniform(person, seed, "dual eligibility") < classes.map(DUAL_SHARE).fillna(0.0)
    card = (uniform(base, seed, "member number") * 9e8 + 1e8).astype(np.int64)
    return spans.assign(
        enrollment_id="N" + spans["patient_id"].str[1:] + number,
        member_id="M" + pd.Series(card.astype(str), index=spans.index),
        is_dual_eligible=dual,
    )[COLUMNS]
