"""Coverage spans, as payers know them, from the payers in the patients' recorded versions."""

from collections.abc import Iterable
from itertools import groupby
from typing import NamedTuple

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
SHORTEST_SPAN = pd.Timedelta(days=60)
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


class _Span(NamedTuple):
    number: int
    payer: str
    start: pd.Timestamp


class _Version(NamedTuple):
    """What of a patient's version matters for coverage; `slack` days part two spans, below 0 they overlap."""

    patient_id: str
    effective_date: pd.Timestamp
    updated_at: pd.Timestamp
    payer_id: str
    death_date: pd.Timestamp
    known: int
    slack: int


def enrollment(patients: pd.DataFrame, arguments: Arguments) -> pd.DataFrame:
    """Return all images of the coverage spans: open when recorded, once more when their end is known.

    A change of payer ends one span and begins the next; for some patients with a gap between the two, for a
    few with an overlap. Changes recorded out of order leave the payers' own books alone.
    """
    ordered = patients.sort_values(["patient_id", "recorded_at", "effective_date"], kind="stable")
    ordered = ordered.drop_duplicates(["patient_id", "effective_date", "recorded_at"])
    ordered = ordered.rename(columns={"_known": "known"})
    versions = ordered[list(_Version._fields[:-1])].itertuples(index=False, name=None)
    slack = _slack(hashes(ordered["patient_id"]), arguments.seed)
    dated = [_Version._make((*row, int(days))) for row, days in zip(versions, slack, strict=True)]
    rows: list[tuple[object, ...]] = []
    for patient, changes in groupby(dated, key=lambda version: version.patient_id):
        rows.extend(_spans(patient, changes))
    return _described(pd.DataFrame(rows, columns=_RAW), arguments.seed)


_RAW = ["patient_id", "_number", "payer_id", "coverage_start", "coverage_end", "updated_at", "_known"]


def _slack(base: Hashes, seed: int) -> np.ndarray:
    """Return the days between two spans of a patient: more than 0 is a gap, less an overlap."""
    kind = uniform(base, seed, "coverage gap")
    length = np.floor(LONGEST_GAP_DAYS * uniform(base, seed, "gap length")).astype(int) + 5
    return np.select([kind < GAP_SHARE, kind > 1 - OVERLAP_SHARE], [length, -OVERLAP_DAYS], 0)


def _spans(patient: str, versions: Iterable[_Version]) -> list[tuple[object, ...]]:
    """Return the span images of one patient, whose versions come in the order of recording."""
    rows: list[tuple[object, ...]] = []
    span: _Span | None = None
    for version in versions:
        known = (version.updated_at, version.known)
        if span is None:
            span = _Span(1, version.payer_id, version.effective_date)
            rows.append((patient, *span, pd.NaT, *known))
        elif version.payer_id != span.payer and version.effective_date > span.start + SHORTEST_SPAN:
            rows.append((patient, *span, _end(span, version), *known))
            span = _Span(span.number + 1, version.payer_id, version.effective_date)
            rows.append((patient, *span, pd.NaT, *known))
        if pd.notna(version.death_date) and span.start <= version.death_date:
            rows.append((patient, *span, version.death_date, *known))
    return rows


def _end(span: _Span, change: _Version) -> pd.Timestamp:
    """Return the last day of a span: the day before the next one, earlier by a gap, later by an overlap."""
    before = change.effective_date - pd.Timedelta(days=1)
    gap, overlap = max(change.slack, 0), max(-change.slack, 0)
    return max(before - pd.Timedelta(days=gap), span.start) + pd.Timedelta(days=overlap)


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
