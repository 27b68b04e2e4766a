"""What the CMS readmission measure makes of each ICD-10-CM code, written out code by code.

`conf/reference/readmission_diagnoses.csv` names CCSR categories and patterns; here they meet the codes.
"""

import csv
import re
from functools import cache

import pyarrow as pa

from jobs.reference import code_files, diagnosis_codes

PATTERNS = code_files.FOLDER / "readmission_diagnoses.csv"
EXCLUSIONS = ("psychiatric", "rehabilitation", "cancer_treatment")
COHORTS = ("cardiorespiratory", "cardiovascular", "neurology")
ROOT = 3
"""Characters that every pattern begins with, so that a code is held against few of them."""


def version() -> str:
    """Return what the table is made from: the hash of the patterns, the libraries' versions."""
    return f"{code_files.version(PATTERNS)}, {diagnosis_codes.version()}"


def load() -> pa.Table:
    """Return one row per code of any set: whether always planned, whether acute, exclusion and cohort.

    A code of several exclusions or cohorts has the first in the order of the measure.
    """
    sets = _sets_by_code()
    codes = sorted(sets)
    return pa.table(
        {
            "diagnosis_code": codes,
            "is_always_planned": ["always_planned" in sets[code] for code in codes],
            "is_acute": ["acute" in sets[code] for code in codes],
            "readmission_exclusion": pa.array(
                [_first(EXCLUSIONS, sets[code]) for code in codes], pa.string()
            ),
            "readmission_cohort": pa.array([_first(COHORTS, sets[code]) for code in codes], pa.string()),
        }
    )


def _first(names: tuple[str, ...], of: set[str]) -> str | None:
    return next((name for name in names if name in of), None)


def _sets_by_code() -> dict[str, set[str]]:
    by_category: dict[str, set[str]] = {}
    by_root: dict[str, list[tuple[re.Pattern[str], str]]] = {}
    with PATTERNS.open(encoding="utf-8", newline="") as stream:
        for row in csv.DictReader(stream):
            if row["code_kind"] == "ccsr":
                by_category.setdefault(row["pattern"], set()).add(row["diagnosis_set"])
            else:
                entry = (_expression(row["pattern"]), row["diagnosis_set"])
                by_root.setdefault(row["pattern"][:ROOT], []).append(entry)
    found = {}
    for code, category in _categories().items():
        matched = {name for pattern, name in by_root.get(code[:ROOT], ()) if pattern.fullmatch(code)}
        sets = matched | by_category.get(category, set())
        if sets:
            found[code] = sets
    return found


@cache
def _categories() -> dict[str, str]:
    ccsr = diagnosis_codes.ccsr()
    return dict(
        zip(*(ccsr.column(name).to_pylist() for name in ("diagnosis_code", "ccsr_category")), strict=True)
    )


def _expression(pattern: str) -> re.Pattern[str]:
    """Return a pattern of SQL's `LIKE` (`%` any characters, `_` one) as a regular expression."""
    return re.compile(pattern.replace("%", ".*").replace("_", "."))
